import Foundation
import Storage

/// How dates are written: in which language, in which order.
enum DateStyle: Sendable {
    /// "12 May 2026, 18:40".
    case british
    /// "2026-05-12 18:40" (ISO 8601).
    case iso
    /// As they are written in another language, or elsewhere.
    case local(Locale)

    /// One of those that are offered; British where it is none of them.
    init(_ identifier: String) {
        switch identifier {
        case "iso": self = .iso
        case _ where identifier != "en-GB" && Self.languages.contains(identifier):
            self = .local(Locale(identifier: identifier))
        default: self = .british
        }
    }

    /// Those that are offered, each by itself ("Deutsch: 31. Mai 2026, 18:40").
    static let offered: [(identifier: String, label: String)] = {
        let sample = Times(now: Date(timeIntervalSince1970: 1_780_252_800), TimeFormat(zone: "Europe/London"))
        return (["iso"] + languages).map { identifier in
            let times = sample.written(DateStyle(identifier))
            let locale = Locale(identifier: identifier)
            let own = locale.localizedString(forIdentifier: identifier) ?? identifier
            let name = identifier == "iso" ? "ISO 8601" : own
            return (identifier, "\(name.prefix(1).uppercased() + name.dropFirst()): \(times.moment(sample.now))")
        }
    }()

    /// Languages whose dates are those of the Gregorian calendar.
    private static let languages = [
        "en-GB", "en-US", "cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt-BR",
        "pt-PT", "ro", "ru", "sk", "sv", "tr", "uk", "zh-Hans",
    ]
}
