/// Names of films and shows, and below each what it says, in the words of `usher release parse`. The titles are invented.
let videoNames = #"""
    # Shows
    Copper.Bay.S03E11.The.Last.Ferry.1080p.AMZN.WEB-DL.DDP5.1.H.264-NTb
        kind=tv; title=Copper Bay; seasons=3; episodes=11; resolution=1080p; source=webdl; codec=h264; group=NTb; network=Amazon
    Copper Bay S03E11 1080p HEVC x265-MeGusta[eztv.re].mkv
        kind=tv; title=Copper Bay; seasons=3; episodes=11; resolution=1080p; codec=h265; group=MeGusta
    Copper.Bay.S03E11E12.1080p.BluRay.x264-ROVERS
        kind=tv; title=Copper Bay; seasons=3; episodes=11,12
    Copper.Bay.S03E11-13.720p.HDTV.x264-AVS
        kind=tv; title=Copper Bay; seasons=3; episodes=11,12,13; source=tv
    Copper.Bay.S03.Complete.2160p.NF.WEB-DL.DV.HDR.DDP5.1.Atmos.H.265-FLUX
        kind=tv; title=Copper Bay; seasons=3; full_season=true; hdr=DV,HDR; network=Netflix; resolution=2160p
    Copper.Bay.2019.S01E02.FRENCH.720p.WEB.H264-CiELOS
        kind=tv; title=Copper Bay; year=2019; seasons=1; episodes=2; languages=fr
    Copper.Bay.S01.German.DL.1080p.BluRay.x264-INTENTiON
        kind=tv; title=Copper Bay; seasons=1; full_season=true; group=INTENTiON
    Copper Bay - Temporada 2 Completa 1080p WEB-DL
        kind=tv; title=Copper Bay; seasons=2; full_season=true
    Copper Bay - Temporada 2 [HDTV 720p][Cap.204][AC3 5.1 Castellano]
        kind=tv; title=Copper Bay; seasons=2; episodes=4
    Copper Bay Saison 4 Episode 3 VOSTFR HDTV
        kind=tv; title=Copper Bay; seasons=4; episodes=3
    Copper Bay Stagione 2 Episodi 1-10 ITA 1080p
        kind=tv; title=Copper Bay; seasons=2; episodes=1,2,3,4,5,6,7,8,9,10
    Copper.Bay.Staffel.2.Folge.5.German.720p
        kind=tv; title=Copper Bay; seasons=2; episodes=5
    Медная бухта / Copper Bay / Сезон: 1 / Серии: 1-8 из 8 [2021, WEB-DL 1080p]
        kind=tv; title=Copper Bay; seasons=1; episodes=1,2,3,4,5,6,7,8
    Copper Bay (S2E1-4 of 10) WEBRip
        kind=tv; title=Copper Bay; seasons=2; episodes=1,2,3,4
    Copper.Bay.2of6.The.Storm.720p.HDTV.x264
        kind=tv; title=Copper Bay; episodes=2
    Copper Bay 3x07 HDTV XviD
        kind=tv; title=Copper Bay; seasons=3; episodes=7
    Copper Bay [3x07-08] HDTV
        kind=tv; title=Copper Bay; seasons=3; episodes=7,8
    Copper.Bay.103.HDTV.XviD-LOL
        kind=tv; title=Copper Bay; seasons=1; episodes=3
    Copper.Bay.1013.720p.HDTV.X264-DIMENSION
        kind=tv; title=Copper Bay; seasons=10; episodes=13
    Copper.Bay.S01-S04.1080p.BluRay.x265-RARBG
        kind=tv; title=Copper Bay; seasons=1,2,3,4; full_season=true
    Copper Bay Seasons 1-4 Complete 720p
        kind=tv; title=Copper Bay; seasons=1,2,3,4; full_season=true
    Copper Bay Season 1, 2 & 3 DVDRip
        kind=tv; title=Copper Bay; seasons=1,2,3; full_season=true
    Copper.Bay.S02.Part.1.1080p.NF.WEB-DL
        kind=tv; title=Copper Bay; seasons=2; full_season=false
    Copper.Bay.S02.EXTRAS.720p.BluRay.x264-SPRiNTER
        kind=tv; title=Copper Bay; seasons=2; full_season=false
    Copper.Bay.2024.03.14.720p.WEB.h264-EDITH
        kind=tv; title=Copper Bay
    Copper Bay 2024-03-14 Guest Name 1080p HULU WEB-DL
        kind=tv; title=Copper Bay
    The.Late.Bay.14.03.2024.HDTV
        kind=tv; title=The Late Bay
    Copper.Bay.AU.S05E21.HDTV.x264-FQM
        kind=tv; seasons=5; episodes=21
    Copper.Bay.US.S05E21.PROPER.HDTV.x264-FQM
        kind=tv; title=Copper Bay; seasons=5; episodes=21; proper=true
    1923.S01E02.1080p.WEB.H264-CAKES
        kind=tv; title=1923; seasons=1; episodes=2
    911.S02E01.720p.HDTV.x264-AVS
        kind=tv; title=911; seasons=2; episodes=1
    24.S01E02.720p.BluRay.x264-DON
        kind=tv; title=24; seasons=1; episodes=2
    The.100.S03E05.1080p.WEB-DL
        kind=tv; title=The 100; seasons=3; episodes=5
    Agents.of.S.H.O.R.E.S02E01.720p.HDTV.x264-DIMENSION
        kind=tv; seasons=2; episodes=1
    Copper.Bay.S01E01.iNTERNAL.1080p.WEB.H264-GHOSTS
        kind=tv; title=Copper Bay; seasons=1; episodes=1; group=GHOSTS
    Copper.Bay.S01E01.REPACK2.1080p.WEB.H264-GHOSTS
        kind=tv; title=Copper Bay; seasons=1; episodes=1; repack=true; revision=3
    Copper.Bay.S01E01.REAL.PROPER.1080p.WEB.H264-GHOSTS
        kind=tv; title=Copper Bay; seasons=1; episodes=1; proper=true; real=true
    Copper.Bay.S01E01.1080p.WEB.H264-GHOSTS-Obfuscated
        kind=tv; group=GHOSTS
    Copper.Bay.S01E01.1080p.WEB.H264-GHOSTS-postbot
        kind=tv; group=GHOSTS
    Copper.Bay.S01E01.1080p.WEB.H264-GHOSTS-xpost
        kind=tv; group=GHOSTS
    [ www.Torrenting.com ] - Copper.Bay.S01E01.720p.HDTV.X264-DIMENSION
        kind=tv; title=Copper Bay; group=DIMENSION; seasons=1; episodes=1
    www.Torrent9.tv - Copper Bay S01E01 FRENCH HDTV
        kind=tv; title=Copper Bay; seasons=1; episodes=1
    [TorrentCouch.com].Copper.Bay.S02.Complete.720p.WEB-DL.x264.[4.9GB]
        kind=tv; title=Copper Bay; seasons=2
    Copper.Bay.S03D02.COMPLETE.BLURAY-QUAY
        kind=tv; title=Copper Bay; seasons=3; full_season=false
    Copper Bay S03 Disc 2 1080p BluRay x264-QUAY
        kind=tv; title=Copper Bay; seasons=3; full_season=false
    Copper.Bay.S03.DVDRip.XviD-QUAY
        kind=tv; title=Copper Bay; seasons=3; full_season=true
    # Anime
    [Quay]Tin_Orchard(QTS)_-_05_-_[x264_ogg]_[585d9971].mkv
        kind=tv; title=Tin Orchard; episodes=5; group=Quay
    [SubsPlease] Copper Bay - 08 (1080p) [A1B2C3D4].mkv
        kind=tv; title=Copper Bay; episodes=8; group=SubsPlease; resolution=1080p
    [SubsPlease] Copper Bay S2 - 08 (720p) [A1B2C3D4].mkv
        kind=tv; title=Copper Bay; seasons=2; episodes=8; group=SubsPlease
    [Erai-raws] Copper Bay - 1071 [1080p][Multiple Subtitle]
        kind=tv; title=Copper Bay; episodes=1071; group=Erai-raws
    [Erai-raws] Copper Bay - 01 ~ 12 [1080p][Multiple Subtitle]
        kind=tv; title=Copper Bay; episodes=1,2,3,4,5,6,7,8,9,10,11,12
    [HorribleSubs] Copper Bay - 12v2 [720p].mkv
        kind=tv; title=Copper Bay; episodes=12; revision=2
    [Judas] Copper Bay - S01E05 [1080p][HEVC x265 10bit][Eng-Subs]
        kind=tv; title=Copper Bay; seasons=1; episodes=5; group=Judas
    [Judas] Copper Bay (Season 1) [1080p][HEVC x265 10bit][Multi-Subs]
        kind=tv; title=Copper Bay; seasons=1; full_season=true
    [Commie] Copper Bay - 05 [BD 1080p AAC] [1A2B3C4D].mkv
        kind=tv; title=Copper Bay; episodes=5; source=bluray
    [Group] Copper Bay 2nd Season - 03 [1080p]
        kind=tv; title=Copper Bay; seasons=2; episodes=3
    [Group] Copper Bay 05 [720p].mkv
        kind=tv; title=Copper Bay; episodes=5
    Copper Bay - 103 [1080p].mkv
        kind=tv; title=Copper Bay; episodes=103
    [Group] Copper Bay Episode 22 [480p]
        kind=tv; title=Copper Bay; episodes=22
    [Group] Copper Bay - 01-26 (BDRip 1920x1080 x264 FLAC)
        kind=tv; title=Copper Bay; source=bluray
    [Group] Copper Bay (01-26) [BDRip 1080p]
        kind=tv; title=Copper Bay; source=bluray
    [Group] Copper Bay [12][1080p][CHS]
        kind=tv; title=Copper Bay; episodes=12
    [Group][Copper Bay][08][BIG5][1080P]
        kind=tv; title=Copper Bay; episodes=8
    [Group] Copper Bay - OVA [BD 1080p]
        title=Copper Bay - OVA
    Copper Bay E1085 1080p WEB H264
        kind=tv; title=Copper Bay; episodes=1085
    Copper.Bay.EP12.1080p.WEB-DL
        kind=tv; title=Copper Bay; episodes=12
    [Group] Copper Bay the Movie - Red Tide [BD 1080p]
        kind=movie; source=bluray
    # Movies
    Night Ferries (2020) 1080p BluRay AC3 Inglés-Português
        kind=movie; title=Night Ferries; year=2020; languages=en,pt
    Night.Ferries.(2021)(2160p.HMAX-WEBRip.DoVi.HDR.x265.crf18.S97.E-AC3.5.1.Atmos)[Quay]
        kind=movie; title=Night Ferries; year=2021; resolution=2160p; codec=h265
    Night.Ferries.2009.FRENCH.NORDiCSUBS.COMPLETE.BDR-QUAYBDR
        kind=movie; title=Night Ferries; year=2009; modifier=brdisk; group=QUAYBDR
    Iron.Orchard.2021.1080p.WEB-DL.DDP5.1.H.264-EVO
        kind=movie; title=Iron Orchard; year=2021; source=webdl; group=EVO
    Iron.Orchard.2021.2160p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.7.1.Atmos-EPSiLON
        kind=movie; title=Iron Orchard; year=2021; source=bluray; modifier=remux; resolution=2160p; codec=h265; hdr=HDR
    Iron Orchard (2021) [1080p] [BluRay] [5.1] [YTS.MX]
        kind=movie; title=Iron Orchard; year=2021; source=bluray
    Iron.Orchard.2021.COMPLETE.BLURAY-UNTOUCHED
        kind=movie; title=Iron Orchard; year=2021; source=bluray; modifier=brdisk
    Iron.Orchard.2021.1080p.Blu-ray.AVC.DTS-HD.MA.5.1-HDChina
        kind=movie; title=Iron Orchard; modifier=brdisk
    Iron.Orchard.2021.HDCAM.x264-SUNSCREEN
        title=Iron Orchard; source=cam
    Iron.Orchard.2021.HDTS.XviD-HQMic
        title=Iron Orchard; source=telesync
    Iron.Orchard.2021.DVDSCR.x264-EVO
        title=Iron Orchard; source=screener
    Iron.Orchard.2021.EXTENDED.1080p.BluRay.x264-SPARKS
        title=Iron Orchard; edition=Extended Edition
    Iron.Orchard.2021.Directors.Cut.1080p.BluRay.x264-SPARKS
        title=Iron Orchard; edition=Director's Cut
    Iron.Orchard.Directors.Cut.2021.1080p.BluRay.x264-SPARKS
        title=Iron Orchard; edition=Director's Cut
    Iron.Orchard.1982.Final.Cut.2160p.UHD.BluRay.x265-B0MBARDiERS
        title=Iron Orchard; edition=Final Cut
    Iron.Orchard.2021.UNRATED.720p.BluRay.x264-GECKOS
        title=Iron Orchard; edition=Unrated
    Iron.Orchard.2021.IMAX.2160p.DSNP.WEB-DL.x265.10bit.HDR10Plus.DDP5.1.Atmos-CM
        title=Iron Orchard; edition=IMAX; network=Disney; hdr=HDR10+
    Iron.Orchard.2021.TRUEFRENCH.1080p.BluRay.x264-VENUE
        title=Iron Orchard; languages=fr
    Iron.Orchard.2021.MULTi.1080p.BluRay.x264-LOST
        title=Iron Orchard
    Iron Orchard 2021 iTA-ENG Bluray 1080p x264-CYBER
        title=Iron Orchard; languages=it,en
    Iron.Orchard.2049.2017.1080p.BluRay.x264-SPARKS
        title=Iron Orchard 2049; year=2017
    2012.2009.1080p.BluRay.x264
        title=2012; year=2009
    1917.2019.1080p.BluRay.x264-SPARKS
        title=1917; year=2019
    2001.A.Garden.Odyssey.1968.1080p.BluRay
        title=2001 A Garden Odyssey; year=1968
    Iron.Orchard.3D.2013.1080p.BluRay.Half-SBS.x264
        title=Iron Orchard; year=2013
    Iron.Orchard.Part.II.2020.720p.BluRay
        title=Iron Orchard Part II; year=2020
    Iron.Orchard.Vol.2.2017.1080p.BluRay
        title=Iron Orchard Vol 2; year=2017
    Mr.Orchard.2020.1080p.WEBRip.x264-RARBG
        title=Mr Orchard; year=2020; source=webrip
    Dr.Orchard.in.the.Web.of.Madness.2022.1080p.DSNP.WEBRip
        title=Dr Orchard in the Web of Madness; year=2022
    The.Proper.Orchard.2019.1080p.AMZN.WEB-DL
        title=The Proper Orchard; proper=false
    Uncut.Orchards.2019.1080p.NF.WEB-DL.DDP5.1.x264-NTG
        title=Uncut Orchards; year=2019; group=NTG
    The.French.Orchard.2021.1080p.BluRay
        title=The French Orchard; year=2021
    The Orchard Web 2024 1080p WEB-DL
        title=The Orchard Web; year=2024
    Iron.Orchard.2021.4Kto1080p.BluRay.x265
        resolution=1080p
    Iron.Orchard.2021.UHD.BluRay.1080p.x265-WhiteRhino
        resolution=1080p; source=bluray
    Iron Orchard 2021 AmazonHD 1080p
        source=webdl; title=Iron Orchard
    Iron.Orchard.2021.BDLight.1080p.x265
        source=bluray; title=Iron Orchard
    Iron.Orchard.2021.2xDVD9.NTSC
        source=dvd; title=Iron Orchard
    Железный сад / Iron Orchard (2021) WEB-DL 1080p | Дублированный
        title=Iron Orchard; year=2021
    Iron Orchard AKA Jardin de Fer 2021 1080p WEB-DL
        title=Iron Orchard; year=2021
    Jardín de Hierro (Iron Orchard) (2021) BDRip
        title=Jardín de Hierro; year=2021
    Iron.Orchard.1080p.WEB-DL.x264-RARBG
        title=Iron Orchard; resolution=1080p
    Iron Orchard.mkv
        title=Iron Orchard; kind=movie
    Iron.Orchard.(2021).BDRip.1080p.x265.AC3-D4KiD
        title=Iron Orchard; year=2021; group=D4KiD
    iron.orchard.2021.1080p.bluray.x264-sparks.mkv
        title=iron orchard; year=2021; group=sparks
    Iron.Orchard.2021.1080p.BluRay.x264.DTS-HD.MA.5.1-FGT
        group=FGT; title=Iron Orchard
    Iron.Orchard.2021.1080p.BluRay.x264.D-Z0N3.mkv
        group=D-Z0N3
    Iron.Orchard.2021.1080p.BluRay.x264-GROUP[rartv]
        group=GROUP
    Iron.Orchard.2021.1080p.BluRay.x264.AAC-[YTS.AM]
        title=Iron Orchard
    Iron Orchard 2021 Hybrid 2160p WEBRip DV HDR10+ DDP Atmos x265-SuperTramps
        hdr=DV,HDR10+; title=Iron Orchard
    """#
