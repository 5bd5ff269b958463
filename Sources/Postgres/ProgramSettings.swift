import CPostgres

/// How PostgreSQL's own programs (`pg_dump`, `psql`) reach the database of a configuration.
public struct ProgramSettings: Sendable, Equatable {
    /// libpq's variables (PostgreSQL manual, 34.15). A password is here, since everybody can read a command line.
    public var environment: [String: String]
    /// Keywords for which there is no variable, as the value of `--dbname`; `nil`: there are none.
    public var connection: String?
}

extension PostgresConfiguration {
    /// The same database, for PostgreSQL's own programs. Of several servers they take the one that can be written.
    public var programSettings: ProgramSettings {
        var given = settings
        if hosts.count > 1, given["target_session_attrs"] == nil { given["target_session_attrs"] = "read-write" }
        if given["connect_timeout"] == nil { given["connect_timeout"] = "10" }
        var environment: [String: String] = [:]
        var rest: [String] = []
        let variables = Self.variables
        for (keyword, value) in given.sorted(by: { $0.key < $1.key }) {
            if let variable = variables[keyword] {
                environment[variable] = value
            } else if keyword != "sslpassword" {  // a secret without a variable: its key is asked of nobody
                let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
                rest.append("\(keyword)='\(escaped)'")
            }
        }
        return ProgramSettings(
            environment: environment, connection: rest.isEmpty ? nil : rest.joined(separator: " "))
    }

    /// The variable of each keyword that has one.
    private static let variables: [String: String] = {
        guard let options = PQconninfoParse("", nil) else { return [:] }
        defer { PQconninfoFree(options) }
        var variables: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let variable = option.pointee.envvar { variables[String(cString: keyword)] = String(cString: variable) }
            option += 1
        }
        return variables
    }()
}
