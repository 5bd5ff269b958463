/// Ratings of film, television and games on one scale: the age in years that something is for.
///
/// To teach it another system add a case, what sources call it, and a row for each of its marks.
enum AgeRating {
    /// Who rates.
    enum System: String, CaseIterable {
        /// United States: film (MPA) and television (TV Parental Guidelines).
        case unitedStates
        /// United Kingdom: film and video (BBFC).
        case unitedKingdom
        /// Germany: film (FSK) and games (USK), which use the same ages.
        case germany
        /// France: film and television (CNC, Arcom).
        case france
        /// Netherlands (Kijkwijzer).
        case netherlands
        /// Australia: film and games (ACB).
        case australia
        /// Brazil: film and games (ClassInd).
        case brazil
        /// Games in the United States and Canada.
        case esrb
        /// Games in Europe.
        case pegi
        /// Games in Japan.
        case cero
        /// Games in South Korea.
        case grac

        /// By the country whose rating a source names (ISO 3166-1).
        init?(country: String) {
            switch country {
            case "US": self = .unitedStates
            case "GB": self = .unitedKingdom
            case "DE": self = .germany
            case "FR": self = .france
            case "NL": self = .netherlands
            case "AU": self = .australia
            case "BR": self = .brazil
            default: return nil
            }
        }

        /// By the name of an organization that rates games.
        init?(name: String) {
            switch name.uppercased() {
            case "ESRB": self = .esrb
            case "PEGI": self = .pegi
            case "USK": self = .germany
            case "CERO": self = .cero
            case "GRAC": self = .grac
            case "CLASS_IND", "CLASSIND": self = .brazil
            case "ACB": self = .australia
            default: return nil
            }
        }
    }

    /// What each mark means, in capitals and without what stands around it.
    private static let ages: [System: [String: Int]] = [
        .unitedStates: [
            "G": 0, "PG": 8, "PG-13": 13, "R": 17, "NC-17": 18, "X": 18,
            "TV-Y": 0, "TV-G": 0, "TV-Y7": 7, "TV-Y7-FV": 7, "TV-PG": 8, "TV-14": 14, "TV-MA": 17,
        ],
        .unitedKingdom: ["U": 0, "UC": 0, "PG": 8, "12": 12, "12A": 12, "15": 15, "18": 18, "R18": 18],
        .germany: ["0": 0, "6": 6, "12": 12, "16": 16, "18": 18],
        .france: ["U": 0, "TP": 0, "10": 10, "12": 12, "16": 16, "18": 18],
        .netherlands: ["AL": 0, "6": 6, "9": 9, "12": 12, "14": 14, "16": 16, "18": 18],
        .australia: [
            "P": 0, "C": 0, "E": 0, "G": 0, "PG": 8, "M": 15, "MA15": 15, "MA 15": 15, "R18": 18, "R 18": 18, "X18": 18,
            "X 18": 18, "RC": 18,
        ],
        .brazil: ["L": 0, "AL": 0, "10": 10, "12": 12, "14": 14, "16": 16, "18": 18],
        .esrb: ["EC": 0, "E": 0, "E10": 10, "T": 13, "M": 17, "AO": 18],
        .pegi: ["3": 3, "7": 7, "12": 12, "16": 16, "18": 18],
        .cero: ["A": 0, "B": 12, "C": 15, "D": 17, "Z": 18],
        .grac: ["ALL": 0, "12": 12, "15": 15, "18": 18, "19": 18],
    ]

    /// The age that a mark stands for; nil: it is none of the system's.
    static func age(of mark: String, in system: System) -> Int? {
        var mark = mark.uppercased()
        for prefix in ["FSK", "USK", "PEGI", "ESRB", "CERO"] where mark.hasPrefix(prefix) {
            mark.removeFirst(prefix.count)
        }
        mark = mark.replacing("+", with: "").replacing("(", with: "").replacing(")", with: "")
        return ages[system]?[mark.split(whereSeparator: \.isWhitespace).joined(separator: " ")]
    }

    /// One age for a work that several have rated: the highest, for whoever is strictest has a reason; nil when no mark is
    /// known.
    static func age(of marks: [(System, String)]) -> Int? {
        marks.compactMap { age(of: $1, in: $0) }.max()
    }
}
