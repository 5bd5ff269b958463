public import Postgres

/// The schema of the database: the files in `migrations/`.
public enum Schema {
    /// Brings a database to the schema that this version of the program expects.
    public static let migrator = Migrator(
        migrations: EmbeddedMigrations.all.map { Migration(version: $0.version, name: $0.name, sql: $0.sql) })
}
