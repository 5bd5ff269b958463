/// Films whose titles hold words, numbers and years that mean something elsewhere in a name; with their years.
let filmTitles = #"""
    The Matrix Reloaded @2003 | A Prophet @2009 | The Final Cut @2004 | Final Cut @2022 | Madame Web @2024
    The Proposal @2009 | Proper Pride @2019 | Uncut Gems @2019 | The French Dispatch @2021
    The French Connection @1971 | German Concentration Camps Factual Survey @2014 | Good Bye Lenin @2003
    The Italian Job @1969 | The Danish Girl @2015 | Chinese Zodiac @2012 | The Spanish Prisoner @1997
    An American Werewolf in London @1981 | Lost in Translation @2003 | Real Steel @2011 | The Real McCoy @1993
    Extended Stay @2020 | Unrated @2009 | Special 26 @2013 | Special @2006 | Limited @2019 | The Limited @2011
    Internal Affairs @1990 | The Internal @2019 | Custom Made @2015 | Hybrid @2010 | Line of Fire @2003
    Red Line @2013 | Walk the Line @2005 | Complete Unknown @2016 | A Complete Unknown @2024 | Complete @2018
    Extra Ordinary @2019 | The Extras @2001 | Bonus @2020 | Sample This @2012 | The Sample @2011
    Season of the Witch @2011 | Open Season @2006 | Episode 50 @2011 | Star Wars Episode IV A New Hope @1977
    Part of Me @2012 | The Part @2015 | Volume @2012 | Kill Bill Vol 1 @2003
    Guardians of the Galaxy Vol 2 @2017 | Dune Part Two @2024 | Mission Impossible Dead Reckoning Part One @2023
    The Hangover Part III @2013 | Deathly Hallows Part 2 @2011 | 2012 @2009 | 1917 @2019 | 1984 @1984
    2001 A Space Odyssey @1968 | Blade Runner 2049 @2017 | Wonder Woman 1984 @2020 | Apollo 13 @1995
    District 9 @2009 | Se7en @1995 | 300 @2006 | 21 Jump Street @2012 | 12 Angry Men @1957
    10 Things I Hate About You @1999 | 127 Hours @2010 | Ocean's Eleven @2001 | 8 Mile @2002 | 50 50 @2011
    9 @2009 | 3 Idiots @2009 | The 355 @2022 | U 571 @2000 | K 19 The Widowmaker @2002 | Area 51 @2015
    Level 16 @2018 | Room 237 @2012 | 1408 @2007 | Fahrenheit 451 @1966 | Cloud Atlas @2012 | Red @2010
    Red Sparrow @2018 | Max @2015 | Mad Max Fury Road @2015 | Hulk @2003 | Stan and Ollie @2018 | Stan @2021
    Peacock @2010 | Paramount @2009 | Disney's Snow White @1937 | Amazon Obhijaan @2017 | The Cam @2010
    Cam @2018 | The Telescreener @2010 | Pal @2011 | My Dog Pal @2010 | Pal Joey @1957 | The Pal @2009
    Dvd @2010 | DC League of Super Pets @2022 | Washington DC @2010 | The AI @2019
    AI Artificial Intelligence @2001 | WALL E @2008 | Mr Nobody @2009 | R I P D @2013
    The Man from U N C L E @2015 | E T the Extra Terrestrial @1982 | D E B S @2004 | S W A T @2003
    I Robot @2004 | Blu @2010 | The Web @2013 | Web of Lies @2018 | Dark Web @2017 | Charlotte's Web @2006
    HD @2011 | 3D Rarities @2015 | Dual @2022 | The Dual @2013 | Multi @2010 | Line @2010 | Ma @2019 | Ch @2011
    The Audio @2012 | Dub @2011 | The Cut @2014 | Cut @2000 | The Directors Cut @2016 | Retail @2010
    Theatrical @2011 | Festival @2018 | Convert @2023 | Movie 43 @2013 | Scary Movie @2000
    The Lego Movie @2014 | The SpongeBob Movie Sponge Out of Water @2015 | Film @1965 | Drama @2010
    Comedy @2010 | The King of Comedy @1982 | Action Point @2018 | Last Action Hero @1993 | Horror Express @1972
    To All the Boys @2018 | Them @2006 | It @2017 | It Chapter Two @2019 | Us @2019 | Let Us In @2021
    Near to Us @2020 | UK @2010 | This Is England @2006 | En @2010 | De Palma @2015 | Es @2010
    Dan in Real Life @2007 | Dan @2010 | Tam @2010 | Mal @2010 | Nor @2010 | Por @2010 | Fin @2021 | Hun @2010
    Kor @2010 | Lat @2010 | Tel @2010 | Sub @2010 | Subs @2010 | Sezon @2010 | P @2005 | P2 @2007
    V @2009 | V for Vendetta @2005 | X @2022 | X Men @2000 | xXx @2002 | Z @1969 | M @1931 | W @2008 | Q @1982
    Jan @2010 | Windows @2010 | Mac and Me @1988 | The Big Mac @2010 | Android @1982
    Linux @2010 | Dos @2010 | Switch @1991 | The Switch @2010 | Xbox @2010 | Update @2010 | Patch Adams @1998
    Build @2010 | Trainer @2010 | Soundtrack @2011 | Expansion @2010 | Portable Life @2011 | Venom @2018
    Venom Let There Be Carnage @2021 | Chronos @1985 | The Codex @2010 | Plaza Suite @1971 | Skidrow @2010
    Empress @2010 | The Unleashed @2011 | Man Unleashed @2005 | Anomaly @2014 | Duplex @2003 | Doge @2010
    Icon @2005 | Paradox @2016 | Complex @2010 | Dragon The Bruce Lee Story @1993 | The Delight @2010
    X Files I Want to Believe @2008 | Terminator 2 Judgment Day @1991 | Rocky IV @1985 | Toy Story 3 @2010
    Fantastic 4 @2005 | Fast X @2023 | F9 @2021 | F1 @2025 | Saw X @2023 | The Accountant 2 @2025
    M3GAN 2 0 @2025 | Ready or Not @2019 | 13 Going on 30 @2004 | 28 Days Later @2002 | 28 Years Later @2025
    The 40 Year Old Virgin @2005 | Catch 22 @1970 | Zombieland Double Tap @2019 | (500) Days of Summer @2009
    """#

/// Shows of the same sort.
let showTitles = #"""
    The Web Therapy | Extras | The Extras | Bonus Family | Real Time with Bill Maher | The Real World
    Proper Manors | Complete Savages | Internal Medicine | German Genius | The French Chef | The Spanish Princess
    Chinese Medicine | 24 | 1923 | 1883 | 911 | 9 1 1 | 9 1 1 Lone Star | The 100 | The 4400 | Room 104
    Studio 60 on the Sunset Strip | Area 51 | Beverly Hills 90210 | Hawaii Five 0 | Warehouse 13 | Babylon 5
    Blake's 7 | UFO | V | M A S H | Marvels Agents of S H I E L D | The Man from U N C L E | Mr Robot | Dr House
    Part Time | Season of Love | Series 7 | Episodes | The Episode | Volume One | Line of Duty | Red Dwarf
    Max Headroom | Stan Against Evil | Hulu Originals | Switched at Birth | Mac Gyver | Android Kikaider
    The Venom | Cut | The Cut | Limited | Special Ops | Special | IMAX | Uncut | Uncensored | Custom Garage
    Retail | This Is Us | The Last of Us | Us | Utopia | Big Mouth | Dual Survival | Top Gear
    Masters of the Air | 11 22 63 | The OA | See | You | Dark | Pure | Power | Hanna | Mom | Girls | Love | Veep
    Ray Donovan | Better Call Saul | The Office | Euphoria | The Boys | Ted Lasso | 60 Days In | 19 2 | 30 Rock
    2 Broke Girls | 8 Out of 10 Cats | Sense8 | Zero Zero Zero | S W A T | FBI | NCIS Los Angeles | CSI NY | ER
    JAG | JAG On | Criminal Minds Beyond Borders | Law and Order SVU | The 5th Wave Show | 3rd Rock from the Sun
    4 Blocks | Temp | Temporada Alta | Cap | Captain | Folge Mir | La Serie | Sn | Sezon | E | Ep | Parts Unknown
    Anthony Bourdain Parts Unknown | To the Lake | And Just Like That | Of Kings and Prophets | Y The Last Man
    En Terapia | At Home
    """#

/// Games of the same sort.
let gameTitles = #"""
    Matrix Path of Neo | Patch Quest | Update Eight | Windows to the Past | Android Assault Cactus | Mac Attack
    Linux Lander | The Switch Manor | Anno 1800 | Cyberpunk 2077 | Battlefield 1942 | Battlefield 2042
    Call of Duty WWII | Football Manager 2024 | FIFA 23 | F1 22 | NBA 2K24 | EA Sports FC 25 | WRC 10
    Half Life 2 | Portal 2 | Left 4 Dead 2 | Resident Evil 4 | Resident Evil 7 Biohazard
    Final Fantasy VII Remake | Final Fantasy XVI | The Witcher 3 Wild Hunt | Red Dead Redemption 2
    Grand Theft Auto V | God of War Ragnarok | Elden Ring | Dark Souls III | Hollow Knight Silksong
    Stardew Valley | Baldurs Gate 3 | Divinity Original Sin II | Dead Cells | Hades II | Civilization VI
    Age of Empires II | Total War Warhammer III | XCOM 2 | Doom Eternal | Doom | Prey | Control | Inside | Limbo
    Braid | Fez | Celeste | Undertale | Cuphead | Ori and the Will of the Wisps | Nier Automata | Persona 5 Royal
    Yakuza 0 | Metro 2033 | Metro Exodus | Stalker 2 Heart of Chornobyl | Dying Light 2 Stay Human | Dead Space
    Alan Wake 2 | Max Payne 3 | L A Noire | Crysis 3 | Far Cry 6 | Assassins Creed Valhalla | Watch Dogs 2
    Just Cause 4 | Mad Max | Batman Arkham City | Mortal Kombat 11 | Street Fighter 6 | Tekken 8
    Guilty Gear Strive | The Sims 4 | SimCity 4 | Cities Skylines II | Planet Zoo | RimWorld | Factorio
    Satisfactory | Dyson Sphere Program | Project Zomboid | 7 Days to Die | The Forest | Sons of the Forest
    Green Hell | Subnautica Below Zero | No Mans Sky | Starfield | Fallout 4 | Fallout 76 | Skyrim | Oblivion
    Morrowind | Mass Effect 2 | Dragon Age Inquisition | Deus Ex Mankind Divided | Dishonored 2 | Hitman 3
    Sniper Elite 5 | Wolfenstein II The New Colossus | Quake II | Serious Sam 4 | Shadow Warrior 3
    Borderlands 3 | BioShock Infinite | System Shock | Prince of Persia The Lost Crown | Sonic Frontiers
    Mega Man 11 | Unleashed | Reloaded | Prophet | Chronos Before the Ashes | Venom Rising | Paradox Soul
    Icon Maker | The Season | Episode One | Deluxe Ski Jump | Trainer Simulator | Demo Man | Build A Boat
    Version Zero
    """#
