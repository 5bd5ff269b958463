/// Names of games, and below each what it says, in the words of `usher release parse`. The titles are invented.
let gameNames = #"""
    # Games: scene, Windows
    Ember.Hollow-RUNE
        kind=game; title=Ember Hollow; content=full; platform=windows; group=RUNE
    Ember.Hollow.v1.0.3-TENOKE
        kind=game; title=Ember Hollow; content=full; version=1.0.3
    Ember.Hollow.Update.v1.0.1436.28-RUNE
        kind=game; title=Ember Hollow; content=update; version=1.0.1436.28
    Ember.Hollow.Update.1.7.23-SKIDROW
        kind=game; title=Ember Hollow; content=update; version=1.7.23
    Ember.Hollow.Hotfix.2-RUNE
        kind=game; title=Ember Hollow; content=update
    Ember.Hollow.Update.5-CODEX
        kind=game; title=Ember Hollow; content=update
    Ember.Hollow.Update.Build.18353366-TENOKE
        kind=game; title=Ember Hollow; content=update; version=18353366
    Ember.Hollow.Build.b12345-DOGE
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.v20260120-P2P
        kind=game; title=Ember Hollow; content=full; version=20260120
    Ember.Hollow.v2026.01.20-P2P
        kind=game; title=Ember Hollow; content=full; version=2026.01.20
    Ember.Hollow.v24.01.2019
        kind=game; title=Ember Hollow; content=full; version=24.01.2019
    Ember.Hollow.REPACK-KaOs
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.PROPER-FLT
        kind=game; title=Ember Hollow; content=full; proper=true
    Ember.Hollow.GERMAN-DARKSiDERS
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.MULTi12-PLAZA
        kind=game; title=Ember Hollow; content=full
    Ember_Hollow_2-Razor1911
        kind=game; title=Ember Hollow 2; content=full
    Ember_Hollow_II_Ashfall-HOODLUM
        kind=game; title=Ember Hollow II Ashfall; content=full
    Ember.Hollow.The.Frozen.Crown.DLC-PLAZA
        kind=game; title=Ember Hollow The Frozen Crown; content=dlc
    Ember.Hollow.The.Frozen.Crown.DLC.Unlocker-ANOMALY
        kind=game
    Ember.Hollow.Expansion.Pack-RELOADED
        kind=game; title=Ember Hollow; content=dlc
    Ember.Hollow.Season.Pass-CODEX
        kind=game; title=Ember Hollow; content=dlc
    Ember.Hollow.Game.of.the.Year.Edition-PROPHET
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.GOTY.Edition-PLAZA
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.Digital.Deluxe.Edition-SKIDROW
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.Definitive.Edition-CODEX
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.Enhanced.Edition.v2.1-I_KnoW
        kind=game; title=Ember Hollow; content=full; version=2.1
    Ember.Hollow.Complete.Edition.MULTi13-ElAmigos
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.Incl.All.DLCs-Unleashed
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.v1.4.incl.4.DLCs.MULTi9-FCKDRM
        kind=game; title=Ember Hollow; content=full; version=1.4
    Ember.Hollow.Crack.Only-RUNE
        kind=game; title=Ember Hollow; content=extra
    Ember.Hollow.Crackfix-CODEX
        kind=game; title=Ember Hollow; content=extra
    Ember.Hollow.Plus.12.Trainer-FLiNG
        kind=game; content=extra
    Ember.Hollow.v1.2.Plus.8.Trainer-FLiNG
        kind=game; title=Ember Hollow; content=extra
    Ember.Hollow.Soundtrack-GOG
        kind=game; content=extra
    Ember.Hollow.Language.Pack-RUNE
        kind=game; content=extra
    Ember.Hollow.Early.Access.v0.8.1-P2P
        kind=game; title=Ember Hollow; content=full; version=0.8.1
    Ember.Hollow.v0.9.EA-P2P
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.Alpha.v17.3
        kind=game; title=Ember Hollow
    Ember.Hollow.Remastered-SKIDROW
        kind=game; title=Ember Hollow Remastered; content=full
    Ember.Hollow.Windows.7.Fix-RELOADED
        kind=game
    Patch.Quest-TENOKE
        kind=game; title=Patch Quest; content=full
    Update.Eight-TiNYiSO
        kind=game; title=Update Eight; content=full
    Ember.2077-CODEX
        kind=game; title=Ember 2077; content=full
    FC.Ember.25-RUNE
        kind=game; title=FC Ember 25; content=full
    Ember.1943.Deadly.Desert-PLAZA
        kind=game; title=Ember 1943 Deadly Desert; content=full
    S.C.O.R.C.H.2.Heart.of.Ash-RUNE
        kind=game; content=full
    # Games: repacks
    Ember Hollow (v1.2.3 + 5 DLCs + Bonus OST, MULTi14) [FitGirl Repack, Selective Download - from 26 GB]
        kind=game; title=Ember Hollow; content=full; version=1.2.3
    Ember Hollow: Ashfall - Deluxe Edition (v1.0.2/Dec 12 Update + 3 DLCs, MULTi11) [FitGirl Monkey Repack]
        kind=game; title=Ember Hollow: Ashfall; content=full; version=1.0.2
    Ember Hollow – v1.4.1 + 2 DLCs + Bonus Content – [DODI Repack]
        kind=game; title=Ember Hollow; content=full; version=1.4.1
    Ember Hollow [FitGirl Repack]
        kind=game; title=Ember Hollow; content=full
    Ember Hollow-FitGirl Repack
        kind=game; title=Ember Hollow; content=full
    Ember Hollow: Supporter Pack-FitGirl Repack (v1.0.0) + (Bonus OST)
        kind=game; content=full
    Ember Hollow 4 (2023): Gold Edition v1.5.0.0 (Denuvoless) + 26 DLCs + 3 Bonus OSTs - FitGirl Repack
        kind=game; title=Ember Hollow 4; content=full; version=1.5.0.0
    Ember.Hollow.MULTi11.REPACK-KaOs
        kind=game; title=Ember Hollow; content=full
    [DL] Ember Hollow [P] [RUS + ENG + 6 / ENG] (2022, RPG) (1.16.0 + 6 DLC) [Portable]
        kind=game; title=Ember Hollow; content=full; version=1.16.0
    Ember Hollow [v 1.0u4 + DLCs] (2021) PC | RePack от xatab
        kind=game; title=Ember Hollow; content=full
    Ember Hollow (2019) PC | Repack by R.G. Mechanics
        kind=game; title=Ember Hollow; content=full
    Ember Hollow: Deluxe Edition [v 1.12 + DLCs] (2020) PC | RePack от Chovka
        kind=game; title=Ember Hollow; content=full; version=1.12
    Ember Hollow / Тлеющая лощина [L] [RUS + ENG] (2018, Adventure) [GOG]
        kind=game; title=Ember Hollow; content=full
    Ember Hollow (2023) [Repack by Decepticon]
        kind=game; title=Ember Hollow; content=full
    Ember Hollow RePack by Wanterlude
        kind=game; title=Ember Hollow; content=full
    Ember Hollow [Native] [GNU/Linux] [jc141]
        kind=game; title=Ember Hollow; content=full; platform=linux
    Ember Hollow [Wine] [GNU/Linux] johncena141
        kind=game; title=Ember Hollow; content=full; platform=linux
    Ember.Hollow.v1.3.2.ElAmigos
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.v1.0.REPACK2-KaOs
        kind=game; title=Ember Hollow; content=full
    Ember Hollow v1.2.7-InsaneRamZes
        kind=game; title=Ember Hollow; content=full; version=1.2.7
    Ember Hollow (2017) [Decepticon] RePack
        kind=game; title=Ember Hollow; content=full
    # Games: GOG
    setup_ember_hollow_1.2.3_(64bit)_(12345).exe
        kind=game; title=ember hollow; content=full; version=1.2.3
    setup_ember_hollow_gog-3_(51234)
        kind=game; content=full
    Ember Hollow v1.2.7 (45678) [GOG]
        kind=game; title=Ember Hollow; content=full; version=1.2.7
    Ember.Hollow.v1.2-GOG
        kind=game; title=Ember Hollow; content=full; version=1.2; group=GOG
    Ember.Hollow.GOG.Classic-DELiGHT
        kind=game; title=Ember Hollow; content=full
    Ember Hollow (GOG) v2.0.0.3 + Goodies
        kind=game; title=Ember Hollow; content=full
    Ember Hollow Gold [GOG]
        kind=game; content=full
    # Games: consoles
    Ember_Hollow_NSW-VENOM
        kind=game; title=Ember Hollow; platform=switch; content=full; group=VENOM
    Ember.Hollow.NSW-SUXXORS
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember_Hollow_Update_v1.0.1_NSW-VENOM
        kind=game; title=Ember Hollow; platform=switch; content=update; version=1.0.1
    Ember_Hollow_v1.2.0_Incl_DLC_NSW-SUXXORS
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember_Hollow_DLC_NSW-BigBlueBox
        kind=game; title=Ember Hollow; platform=switch; content=dlc
    Ember Hollow [0100ABCD01234000][v0].nsp
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember Hollow [0100ABCD01234800][v65536].nsp
        kind=game; title=Ember Hollow; platform=switch; content=update
    Ember Hollow [0100ABCD01235001][v0] DLC.nsz
        kind=game; title=Ember Hollow; platform=switch; content=dlc
    Ember Hollow (NSP)(eShop)
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember Hollow Switch NSP + Update 1.0.2 + DLC
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember Hollow [NSW] [NSP] v1.1.0 + 2 DLC
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember.Hollow.eShop.NSW-HR
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember Hollow XCI NSZ Nintendo Switch
        kind=game; title=Ember Hollow; platform=switch; content=full
    Ember.Hollow.NSW2-LiGHTFORCE
        kind=game; title=Ember Hollow; platform=switch2; content=full
    Ember.Hollow.PS4-DUPLEX
        kind=game; title=Ember Hollow; platform=ps4; content=full
    Ember.Hollow.Update.v1.05.PS4-DUPLEX
        kind=game; title=Ember Hollow; platform=ps4; content=update; version=1.05
    Ember.Hollow.DLC.PS4-OPOISSO893
        kind=game; title=Ember Hollow; platform=ps4; content=dlc
    Ember Hollow [CUSA12345] [EUR] [PS4]
        kind=game; title=Ember Hollow; platform=ps4; content=full
    Ember Hollow PS4 PKG 5.05
        kind=game; title=Ember Hollow; platform=ps4; content=full
    Ember.Hollow.PS5-ANOMALY
        kind=game; title=Ember Hollow; platform=ps5; content=full
    Ember Hollow PPSA01234 PS5
        kind=game; title=Ember Hollow; platform=ps5; content=full
    Ember.Hollow.EUR.PS3-ABSTRAKT
        kind=game; title=Ember Hollow; platform=ps3; content=full
    Ember.Hollow.JB.PS3-DUPLEX
        kind=game; title=Ember Hollow; platform=ps3; content=full
    Ember.Hollow.PSN.PS3-DUPLEX
        kind=game; title=Ember Hollow; platform=ps3; content=full
    Ember.Hollow.USA.PS2DVD-DAGGER
        kind=game; title=Ember Hollow; platform=ps2; content=full
    Ember.Hollow.NTSC.PS2DVD-LoCAL
        kind=game; title=Ember Hollow; platform=ps2; content=full
    Ember Hollow PAL MULTI5 PS2
        kind=game; title=Ember Hollow; platform=ps2; content=full
    Ember.Hollow.XBOX360-COMPLEX
        kind=game; title=Ember Hollow; platform=xbox360; content=full
    Ember.Hollow.RF.XBOX360-iCON
        kind=game; title=Ember Hollow; platform=xbox360; content=full
    Ember.Hollow.JTAG.RGH.XBOX360
        kind=game; title=Ember Hollow; platform=xbox360; content=full
    Ember.Hollow.XBLA.XBOX360-LiGHTFORCE
        kind=game; title=Ember Hollow; platform=xbox360; content=full
    Ember Hollow [X360][PAL][MULTi5]
        kind=game; title=Ember Hollow; platform=xbox360; content=full
    Ember.Hollow.XBOXONE-COMPLEX
        kind=game; title=Ember Hollow; platform=xboxone; content=full
    Ember Hollow Xbox Series X
        kind=game; title=Ember Hollow; platform=xboxseries; content=full
    Ember.Hollow.WiiU-VENOM
        kind=game; title=Ember Hollow; platform=wiiu; content=full
    Ember.Hollow.USA.WiiU-BigBlueBox
        kind=game; title=Ember Hollow; platform=wiiu; content=full
    Ember.Hollow.PAL.Wii-iCON
        kind=game; title=Ember Hollow; platform=wii; content=full
    Ember.Hollow.EUR.3DS-BigBlueBox
        kind=game; title=Ember Hollow; platform=3ds; content=full
    Ember Hollow (USA) (En,Fr,Es).3ds
        kind=game; title=Ember Hollow; platform=3ds; content=full
    Ember Hollow 3DS CIA
        kind=game; title=Ember Hollow; platform=3ds; content=full
    Ember_Hollow_EUR_NDS-XPA
        kind=game; title=Ember Hollow; platform=nds; content=full
    Ember.Hollow.USA.PSP-PLAYASiA
        kind=game; title=Ember Hollow; platform=psp; content=full
    Ember.Hollow.PSV-VENOM
        kind=game; title=Ember Hollow; platform=vita; content=full
    Ember Hollow (PCSB00123) VPK
        kind=game; title=Ember Hollow; platform=vita; content=full
    Ember.Hollow.macOS-HOODLUM
        kind=game; title=Ember Hollow; platform=mac; content=full
    Ember.Hollow.MacOSX-ACTiVATED
        kind=game; title=Ember Hollow; platform=mac; content=full
    Ember Hollow 1.3.2 (Mac)
        kind=game; title=Ember Hollow; platform=mac; content=full; version=1.3.2
    Ember.Hollow.Linux-RAZOR1911
        kind=game; title=Ember Hollow; platform=linux; content=full
    Ember Hollow Linux-TEST
        kind=game; title=Ember Hollow; platform=linux; content=full; group=TEST
    Tide Pool Windows-TEST
        kind=game; title=Tide Pool; platform=windows; content=full
    Tide.Pool.PC-QUAY
        kind=game; title=Tide Pool; platform=windows; content=full
    Ember Hollow v1.1 Linux GOG
        kind=game; title=Ember Hollow; platform=linux; content=full
    Ember.Hollow.2025.MULTI.v1.3.2.+29.DLC.+Multiplayer.Linux.PREACTIVE-LinuxRuleZ
        kind=game; title=Ember Hollow; platform=linux; content=full; version=1.3.2
    Ember.Hollow.Android.APK
        kind=game; title=Ember Hollow; platform=android; content=full
    Ember Hollow v1.2.3 APK + OBB
        kind=game; title=Ember Hollow; platform=android; content=full
    """#
