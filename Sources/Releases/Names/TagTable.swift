/// The words that mean something in a release name. To teach the parser a word, add it to its line, or add a line.
///
/// `web-dl` is found as `WEBDL`, `WEB-DL`, `WEB.DL` and `web dl`. Of two lines with the same word the later holds.
let tagTable = TagIndex([
    // Resolution; `1080p`, `1920x1080` and their like are read as numbers.
    TagLine(.weak, .resolution(.p2160), "4k uhd ultra-hd"),
    TagLine(.weak, .resolution(.p4320), "8k"),
    TagLine(.weak, .resolution(.p1440), "2k qhd"),
    TagLine(.weak, .resolution(.p1080), "fhd full-hd"),

    // Source.
    TagLine(.strong, .source(.bluray), "blu-ray bd-rip br-rip uhd-bd uhd2bd bd-light uhd-rip mbluray blurayrip"),
    TagLine(.strong, .source(.bluray), "blu-ray-rip hd-dvd hd-dvd-rip bd-mux uhd-blu-ray bdrm brdrip m-blu-ray us-bd"),
    TagLine(.weak, .source(.bluray), "bd db"),
    TagLine(.strong, .source(.webdl), "web-dl web-hd amazon-hd netflix-hd netflix-uhd itunes-hd maxdome-hd"),
    TagLine(.strong, .source(.webdl), "disney-hd hbomax-hd hbo-max-hd web-dl-mux web-uhd"),
    TagLine(.capitals, .source(.webdl), "web"),
    TagLine(.strong, .source(.webrip), "web-rip web-dl-rip web-mux wbb-rip webcap web-cap vod-rip"),
    TagLine(.strong, .source(.hdrip), "hd-rip micro-hd web-hd-rip hq-hdrip"),
    TagLine(.strong, .source(.tv), "hdtv pdtv sdtv dsr-rip dsr dsrip tv-rip hdtv-rip ahdtv ahdtv-mux sat-rip dtv-rip"),
    TagLine(.strong, .source(.tv), "dvb-rip uhdtv hdtv-mux dvb-mux iptv-rip hd-tv dvb-t dvb-s sat-mux tvhdrip uhd-tv"),
    TagLine(.strong, .source(.tv), "ppv-rip"),
    TagLine(.strong, .source(.dvd), "dvd-rip dvdr-rip dvd-mux xvid-dvd dvd5-rip dvd9-rip"),
    TagLine(.capitals, .source(.dvd), "dvd ntsc pal"),
    TagLine(
        .strong, .rawDisc(.dvd), "dvdr dvd-r dvd5 dvd9 2dvd5 2dvd9 2xdvd5 2xdvd9 3xdvd9 mdvdr dvd-r5 dvd-r9 dvd-full"),
    TagLine(.strong, .rawDisc(.bluray), "bd25 bd50 bd66 bd100 bdiso bd-iso bdmv complete-blu-ray full-blu-ray br-disk"),
    TagLine(.strong, .rawDisc(.bluray), "complete-uhd-blu-ray uhd-bd66 uhd-bd100 complete-uhd-bd"),
    TagLine(.strong, .remux(nil), "remux"),
    TagLine(.strong, .remux(.bluray), "bd-remux uhd-remux blu-ray-remux 4k-remux 4kuhdremux uhd-bd-remux br-remux"),
    TagLine(.strong, .remux(.webdl), "web-remux web-dl-remux"),
    TagLine(.strong, .remux(.dvd), "dvd-remux"),
    TagLine(.strong, .rawStream, "raw-hd"),
    TagLine(.strong, .source(.cam), "hd-cam cam-rip new-cam hq-cam cam-hd hq-cam-rip hd-cam-rip s-print hq-s-print"),
    TagLine(.capitals, .source(.cam), "cam"),
    TagLine(.strong, .source(.telesync), "telesync telesynch hd-ts hdts-rip ts-rip hd-telesync ts-screener pdvd-ts"),
    TagLine(.capitals, .source(.telesync), "ts"),
    TagLine(.strong, .source(.telecine), "telecine hd-tc hdtc-rip tc-rip"),
    TagLine(.capitals, .source(.telecine), "tc"),
    TagLine(
        .strong, .source(.screener), "dvd-scr dvd-screener br-screener bd-scr web-screener hd-scr pre-dvd dvd-scr-rip"),
    TagLine(.strong, .source(.screener), "pre-dvd-rip pdvd-rip p-dvd-rip pre-hdrip web-scr desiscr screener"),
    TagLine(.capitals, .source(.screener), "scr"),
    TagLine(.strong, .source(.workprint), "workprint"),

    // Codec.
    TagLine(.strong, .codec(.h264), "x264 h264 x-264 h-264 x642 h264mp4"),
    TagLine(.strong, .discCodec(.h264), "avc"),
    TagLine(.strong, .codec(.h265), "x265 h265 x-265 h-265 hevc hvec hevc10 hevc10bit hevcbit"),
    TagLine(.strong, .codec(.av1), "av1"),
    TagLine(.strong, .codec(.xvid), "xvid xvid-hd"),
    TagLine(.strong, .codec(.divx), "divx divx5 divx-nl"),
    TagLine(.strong, .codec(.mpeg2), "mpeg2 mpeg-2"),
    TagLine(.strong, .discCodec(.vc1), "vc1 vc-1"),
    TagLine(.strong, .codec(.vp9), "vp9"),

    // Sound and picture.
    TagLine(.strong, .audio, "aac ac3 eac3 e-ac3 e-ac-3 dts dts-hd dts-hdma dts-ma dts-x dts-es truehd true-hd atmos"),
    TagLine(.strong, .audio, "flac ddp dolby-digital he-aac he-aacv2 aac-lc dd5 ddp5 dd2 ddp2 dd51 ddp51 qaac"),
    TagLine(.strong, .audio, "dual-audio multi-audio lpcm mp2 dtshdma dtsma dolbyd aac2 aac5 ac35 dd-ex dtshd"),
    TagLine(.weak, .audio, "ma dd mp3 opus pcm ogg 2ch 6ch 5ch 8ch line md ld ac dubbed dub hq audio vorbis ch"),
    TagLine(
        .strong, .picture, "10bit 8bit 10bits 12bit 10-bit 8-bit hdr10 hdr10plus dovi dolby-vision hsbs h-sbs half-sbs"),
    TagLine(.strong, .picture, "half-ou h-ou hi10 hi10p upscaled 60fps 50fps hdr10p yuv420p10"),
    TagLine(.capitals, .picture, "hdr dv sdr"),
    TagLine(.weak, .picture, "3d hd sbs hou sd upscale vfr untouched hdlight 4klight mhd hybrid regraded hybrid"),

    // Languages and subtitles.
    TagLine(
        .weak, .language, "english french german italian spanish castellano latino portuguese dutch polish russian"),
    TagLine(.weak, .language, "swedish danish norwegian finnish icelandic nordic hindi tamil telugu kannada malayalam"),
    TagLine(.weak, .language, "japanese korean chinese mandarin cantonese turkish greek arabic hebrew hungarian czech"),
    TagLine(
        .weak, .language, "romanian ukrainian flemish dublado legendado lektor pldub dublat ita eng fre ger spa esp"),
    TagLine(
        .weak, .language, "rus jpn jap kor chi hin tam tel mal por swe dan nor fin dut hun cze pol ukr tur deu fra fr"),
    TagLine(.weak, .language, "de es pl ptbr dual dl ml danish urdu punjabi bengali marathi norsk svensk lat lati it"),
    TagLine(
        .strong, .language, "truefrench vostfr subfrench vff vfq vfi vf2 multi-vf2 multi-vff multisub pt-br dual-lat"),
    TagLine(.capitals, .language, "multi french german italian polish"),
    TagLine(
        .weak, .subtitles, "subbed subs sub subforced fansub fastsub softsub legendas multisubs multi-subs multi-sub"),
    TagLine(.strong, .subtitles, "korsub swesub swesubs nlsubs dksubs esub esubs msub msubs ensubbed rosubbed hardsub"),
    TagLine(.strong, .subtitles, "hc-esub e-subs e-sub eng-subs m-subs engsub"),

    // Editions and the release itself.
    TagLine(
        .weak, .edition, "extended uncut unrated uncensored remastered remaster limited theatrical dc director's-cut"),
    TagLine(
        .weak, .edition, "directors-cut director-cut extended-cut final-cut anniversary special criterion imax cut"),
    TagLine(.weak, .edition, "edition internal retail custom despecialized open-matte"),
    TagLine(
        .weak, .other,
        "docu documentary ws fs hc ppv convert readnfo read-nfo final festival r5 r6 incomplete dvd-extras"),
    TagLine(
        .weak, .other, "hdclub xxx web-only nfofix dirfix pornhub movie film drama comedy thriller horror action"),
    TagLine(.capitals, .proper, "proper"),
    TagLine(.capitals, .repack, "repack rerip repack1 repack2 repack3 proper2"),
    TagLine(.weak, .repack, "2ndrepack"),
    TagLine(.weak, .real, "real"),
    TagLine(.weak, .complete, "complete completa completas integrale integral compleet komplett batch"),
    TagLine(.weak, .complete, "complete-series full-series complete-collection"),
    TagLine(.weak, .extras, "extras extra bonus subpack sub-pack deleted-scenes featurettes"),
    // `+ 4 Movies` behind a list of seasons is not a season.
    TagLine(.weak, .otherThings, "movies films specials ovas"),
    TagLine(.weak, .sample, "sample"),
    TagLine(
        .strong, .container, "mkv avi mp4 m4v wmv mpg mpeg m2ts divxfile rmvb srt vob iso flv webm torrent rar mka nzb"),

    // Who shows it.
    TagLine(
        .capitals, .service, "amzn nf hulu hmax dsnp atvp dsny pcok pmtp hbo max crav stan vrv dcu seso crkl iplayer ip"
    ),
    TagLine(
        .weak, .service,
        "amazon netflix itunes it disney hbomax paramount peacock zee5 sonyliv hallmark cbs nbc amc pbs"),
    TagLine(.weak, .service, "bbc cc as cr dc itv anpl red stz sho vice rte dtv ma hoichoi ids id blutv atv"),

    // Season and episode words, in the languages that write them.
    TagLine(.weak, .season, "season seasons series saison saisons stagione stagioni temporada temporadas temp staffel"),
    TagLine(.weak, .season, "sezon sezona seizoen sasong sæson sez sn seson сезон Сезон сезона сезоны Сезоны"),
    TagLine(
        .weak, .episode, "episode episodes ep eps epi episodio episodios capitulo capítulo cap caps folge folgen afl"),
    TagLine(
        .weak, .episode, "serii aflevering odc odcinek ser seria serija serya seriya bölüm bolum épisode épisodes e"),
    TagLine(.weak, .episode, "серия Серия серии Серии серий сер эпизод Эпизод"),
    TagLine(.weak, .part, "part pt vol volume p"),
    TagLine(.weak, .to, "to a ao à al bis thru through"),
    TagLine(.weak, .and, "and y et und en"),
    TagLine(.weak, .of, "of iz из"),

    // Games.
    TagLine(.strong, .platform(.switch), "nsw nsp xci nsz nintendo-switch eshop switch-nsp switch-xci"),
    TagLine(.strong, .platform(.switch2), "nsw2 switch2 nintendo-switch-2"),
    TagLine(.strong, .platform(.ps5), "ps5 playstation-5"),
    TagLine(.strong, .platform(.ps4), "ps4 playstation-4"),
    TagLine(.strong, .platform(.ps3), "ps3 playstation-3"),
    TagLine(.strong, .platform(.ps2), "ps2 ps2dvd playstation-2"),
    TagLine(.strong, .platform(.ps1), "ps1 psx psone"),
    TagLine(.strong, .platform(.psp), "psp"),
    TagLine(.strong, .platform(.vita), "psv ps-vita psvita vpk"),
    TagLine(.strong, .platform(.xboxseries), "xsx xbox-series xboxseriesx xbox-series-x"),
    TagLine(.strong, .platform(.xboxone), "xbox-one xb1 xbone"),
    TagLine(.strong, .platform(.xbox360), "xbox-360 x360 xbla"),
    TagLine(.strong, .platform(.xbox), "xbox"),
    TagLine(.strong, .platform(.wiiu), "wiiu wii-u"),
    TagLine(.strong, .platform(.wii), "wii wbfs wiiware"),
    TagLine(.strong, .platform(.gamecube), "gamecube ngc"),
    TagLine(.strong, .platform(.threeDS), "3ds n3ds"),
    TagLine(.strong, .platform(.nds), "nds"),
    TagLine(.strong, .platform(.gba), "gba"),
    TagLine(.capitals, .platform(.gbc), "gbc"),
    TagLine(.capitals, .platform(.n64), "n64"),
    TagLine(.capitals, .platform(.snes), "snes"),
    TagLine(.capitals, .platform(.nes), "nes"),
    TagLine(.strong, .platform(.dreamcast), "dreamcast"),
    TagLine(.strong, .platform(.mac), "macos macosx mac-os mac-os-x osx"),
    TagLine(.weak, .platform(.mac), "mac"),
    TagLine(.weak, .platform(.linux), "linux"),
    TagLine(.weak, .platform(.windows), "windows win64 win32 x64 x86 64bit 32bit win"),
    TagLine(.strong, .platform(.android), "apk"),
    TagLine(.weak, .platform(.android), "android"),
    TagLine(.weak, .platform(.dos), "dos"),
    TagLine(.strong, .game, "fitgirl dodi elamigos gog xatab chovka mechanics decepticon jc141 pkg"),
    TagLine(
        .strong, .gameGroup, "rune tenoke flt skidrow codex plaza reloaded empress hoodlum razor1911 darksiders tinyiso"
    ),
    TagLine(
        .strong, .gameGroup, "simplex darkzer0 vrex goldberg i_know cpy vace kaos ali213 insaneramzes duplex venom"),
    TagLine(.strong, .gameGroup, "suxxors bigbluebox lightforce prophet steampunks anomaly chronos fasdox unleashed"),
    TagLine(.weak, .update, "update hotfix patch"),
    TagLine(.weak, .version, "build"),
    TagLine(.weak, .downloadable, "dlc addon expansion season-pass expansion-pack"),
    TagLine(.weak, .gameExtra, "crackfix crack trainer soundtrack ost artbook crackonly keygen nocd languagepack"),
    TagLine(.weak, .gameEdition, "goty deluxe-edition ultimate-edition gold-edition complete-edition premium-edition"),
    TagLine(.weak, .gameEdition, "digital-deluxe game-of-the-year deluxe collectors-edition"),
])
