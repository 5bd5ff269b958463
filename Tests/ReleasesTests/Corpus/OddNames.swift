/// Names that go about it in ways of their own, by class, and below each what it says. The titles are invented.
let oddNames = #"""
    # Mini-series in parts
    Copper.Bay.2025.Part.4.1080p.NF.WEB-DL.DDP5.1.H.264-RAWR
        kind=tv; title=Copper Bay; year=2025; seasons=; episodes=4
    Copper.Bay.1977.Part.II.DVDRip.x264
        kind=tv; title=Copper Bay; year=1977; episodes=2; source=dvd
    Copper.Bay.2006.Part11.Ocean.Deep.1080p.BluRay.x264-CULTHD
        kind=tv; title=Copper Bay; year=2006; episodes=11
    Copper.Bay.Part.One.The.Ferry.1080p.BluRay.x264
        kind=tv; title=Copper Bay; episodes=1
    Copper.Bay.Pt.VII-Bomb.in.the.Garden.HDTV.XviD-MOMENTUM
        kind=tv; title=Copper Bay; episodes=7
    BBC.Copper.Bay.Part.2.of.4.720p.HDTV.x264-C4TV
        kind=tv; title=BBC Copper Bay; episodes=2
    Copper.Bay.Series.2.Part.11.The.Deep.1080p.HDTV.x264
        kind=tv; title=Copper Bay; seasons=2; episodes=11
    Copper.Bay.Part.One.2008.1080p.BluRay.x264-HD1080
        kind=movie; title=Copper Bay Part One; year=2008
    Copper Bay - Part Two: The Scargiver (2024) 1080p NF WEB-DL
        kind=movie; title=Copper Bay - Part Two: The Scargiver; year=2024
    Copper.Bay.Part.II.1080p.BluRay.x264-QUAY
        kind=movie; title=Copper Bay Part II
    # Parts of seasons, discs, specials
    Copper.Bay.S04P03.1080p.WEB.H264-SENPAI
        kind=tv; title=Copper Bay; seasons=4; full_season=false
    Copper Bay S06 Part 3 E11-E13 1080p
        kind=tv; title=Copper Bay; seasons=6; episodes=11,12,13
    Copper.Bay.Season.1.Disc.2.DVD9
        kind=tv; title=Copper Bay; seasons=1; full_season=false
    Copper.Bay.S08.Special.The.Last.Watch.1080p
        kind=tv; title=Copper Bay; full_season=false
    Copper.Bay.S08.Special.Edition.1080p.BluRay.x264
        kind=tv; title=Copper Bay; seasons=8; full_season=true
    # Numbers before their words
    Copper Bay 12. Bölüm 1080p WEB-DL
        kind=tv; title=Copper Bay; episodes=12
    Copper Bay 145.Bölüm 1080p WEB-DL
        kind=tv; title=Copper Bay; episodes=145
    Медная бухта 12 серия 1080p
        kind=tv; title=Медная бухта; episodes=12
    Copper Bay 3 Stagione Completa ITA NF WEBRip x264
        kind=tv; title=Copper Bay; seasons=3; full_season=true
    Медная бухта (1 сезон: 1-9 серии из 9) / Copper Bay / WEB-DL (1080p)
        kind=tv; seasons=1; episodes=1,2,3,4,5,6,7,8,9
    Медная бухта (2 сезон: 1-3 серии из 10) [2025, WEB-DLRip]
        kind=tv; title=Медная бухта; seasons=2; episodes=1,2,3
    Copper Bay [HDTV 720p][Cap.204][Castellano]
        kind=tv; title=Copper Bay; seasons=2; episodes=4
    Copper.Bay.Intégrale.FRENCH.DVDRip
        title=Copper Bay
    # Fansubs
    [Quay-raws] Copper Bay 7th Season - 01 ~ 04 [1080p][BATCH]
        kind=tv; title=Copper Bay; seasons=7; episodes=1,2,3,4
    [Quay-Panda] Copper Bay 1050 [720p].mp4
        kind=tv; title=Copper Bay; episodes=1050
    [Quay] Copper Bay - 12-13 (1080p) [ABCD1234].mkv
        kind=tv; title=Copper Bay; seasons=; episodes=12,13
    Copper Bay - 4-13 (720p)
        kind=tv; title=Copper Bay; seasons=4; episodes=13
    Copper Bay - 001-003 Complete [480p]
        kind=tv; title=Copper Bay; episodes=1,2,3
    [Quay] Copper Bay (01-03) [Dual Audio 10bit BD1080p][HEVC-x265]
        kind=tv; title=Copper Bay; episodes=1,2,3; source=bluray; resolution=1080p
    [Quay] Copper Bay - S02E03 [English Dub] [CR WEB-DL 1080p] [9A8B7C6D]
        kind=tv; title=Copper Bay; network=Crunchyroll; source=webdl
    copper.bay.1805.720p-dimension[ettv]
        kind=tv; title=copper bay; seasons=18; episodes=5
    Copper.Bay.1805.2019.720p.BluRay.x264
        kind=movie; title=Copper Bay 1805; year=2019
    # Games: by a group that nobody knows
    Ember.Hollow-voices38
        kind=game; title=Ember Hollow; content=full; group=voices38
    Ember.Hollow.The.Dark.Ages-NEWCOMER
        kind=game; title=Ember Hollow The Dark Ages; content=full; group=NEWCOMER
    The.Amazing.Ember-Man
        title=The Amazing Ember-Man
    Ember.Hollow.The.Final.Season.Episode.2-CODEX
        kind=game; title=Ember Hollow The Final Season Episode 2; content=full
    Ember.Hollow.II.READNFO-RUNE
        kind=game; title=Ember Hollow II; content=full
    Ember.Hollow.2.READ.NFO-STEAMPUNKS
        kind=game; title=Ember Hollow 2; content=full
    # Games: editions
    Ember Hollow: Digital Premium Edition – v1.0.4 + 36 DLCs + Expansion Pass [FitGirl Repack]
        kind=game; title=Ember Hollow; content=full
    Ember Hollow IV: The Complete Edition (v1.2.0.59 + Fixes) [R.G. Mechanics]
        kind=game; title=Ember Hollow IV; content=full
    Ember.Hollow.VR.Edition-CODEX
        kind=game; title=Ember Hollow; content=full
    Ember.Hollow.20th.Anniversary.World.Tour-CODEX
        kind=game; title=Ember Hollow 20th Anniversary World Tour; content=full
    Ember.Hollow.20th.Anniversary.Edition-CODEX
        kind=game; title=Ember Hollow; content=full
    Ember Hollow 5 Royal Ultimate Edition PS4 PKG
        kind=game; title=Ember Hollow 5 Royal; platform=ps4; content=full
    Ember_Kart_8_Deluxe_Update_v3.0.3_NSW-SUXXORS
        kind=game; title=Ember Kart 8 Deluxe; content=update; platform=switch; version=3.0.3
    Ember Kart 8 Deluxe [0100152000022000][v0][US].nsp
        kind=game; title=Ember Kart 8 Deluxe; content=full; platform=switch
    Ember.Hollow.Complete.Edition.Update.v18.4-RUNE
        kind=game; title=Ember Hollow; content=update
    # Games: platforms and pluses
    Ember.Hollow.MULTi25.Repack.Wine-johncena141
        kind=game; title=Ember Hollow; content=full; platform=linux
    [PS2] Ember Hollow II - Final Mix [JPN]
        kind=game; title=Ember Hollow II - Final Mix; platform=ps2
    Ember_Kart_Wii_PAL_WII-LoCAL
        kind=game; title=Ember Kart Wii; platform=wii
    gog_ember_hollow_1.5.78.11833_(59034).sh
        kind=game; title=ember hollow; version=1.5.78.11833
    Ember + Hollow Sparks of Hope [NSP] + Update 1.4 + DLC
        kind=game; title=Ember + Hollow Sparks of Hope; content=full; platform=switch
    Ember I & II - PS4 [EU]
        kind=game; title=Ember I & II; platform=ps4
    The.Expansion-SiMPLEX
        kind=game; title=The Expansion; content=full
    """#
