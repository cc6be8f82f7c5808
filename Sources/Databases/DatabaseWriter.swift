import CSQLite
import OperatingSystem

/// A database in memory.
final class DatabaseWriter {
    /// The functions of SQLite, loaded once.
    private static let library = Result { () throws(MissingLibrary) in
        try LoadedLibrary(.sqlite, numazones_sqlite(), numazones_sqlite_find)
    }

    private let sqlite: numazones_sqlite
    private var database: OpaquePointer?

    init() throws(DatabaseError) {
        do throws(MissingLibrary) { sqlite = try Self.library.get().functions } catch {
            throw DatabaseError(description: "only SQLite can write a database, and \(error)", isMissingLibrary: true)
        }
        let status = sqlite.sqlite3_open_v2(
            ":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK else { throw error("opening") }
        // The same on every system, whatever the defaults of its library.
        try run("PRAGMA page_size = 4096")
        try run("PRAGMA encoding = 'UTF-8'")
    }

    deinit { _ = sqlite.sqlite3_close(database) }

    func write(_ table: DatabaseFile.Table) throws(DatabaseError) {
        let columns = table.columns.map { "\(Self.quoted($0.name)) \($0.kind.rawValue)" }.joined(separator: ", ")
        try run("BEGIN")
        try run("CREATE TABLE \(Self.quoted(table.name)) (\(columns))")
        let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
        var statement: OpaquePointer?
        defer { _ = sqlite.sqlite3_finalize(statement) }
        let insertion = "INSERT INTO \(Self.quoted(table.name)) VALUES (\(marks))"
        guard sqlite.sqlite3_prepare_v2(database, insertion, -1, &statement, nil) == SQLITE_OK else {
            throw error(insertion)
        }
        for row in table.rows {
            _ = sqlite.sqlite3_reset(statement)
            for (place, value) in row.enumerated() {
                guard bind(value, Int32(place + 1), statement) == SQLITE_OK else { throw error(insertion) }
            }
            guard sqlite.sqlite3_step(statement) == SQLITE_DONE else { throw error(insertion) }
        }
        try run("COMMIT")
    }

    func bytes() throws(DatabaseError) -> [UInt8] {
        var size: sqlite3_int64 = 0
        guard let start = sqlite.sqlite3_serialize(database, "main", &size, 0) else { throw error("writing") }
        defer { sqlite.sqlite3_free(start) }
        return Array(UnsafeBufferPointer(start: start, count: Int(size)))
    }

    private func bind(_ value: DatabaseFile.Value, _ place: Int32, _ statement: OpaquePointer?) -> Int32 {
        switch value {
        case .integer(let number): return sqlite.sqlite3_bind_int64(statement, place, Int64(number))
        case .real(let number): return sqlite.sqlite3_bind_double(statement, place, number)
        case .text(let text):
            // SQLite makes a copy (SQLITE_TRANSIENT, a cast that Swift does not import).
            let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return sqlite.sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), copies)
        case .null: return sqlite.sqlite3_bind_null(statement, place)
        }
    }

    private func run(_ command: String) throws(DatabaseError) {
        guard sqlite.sqlite3_exec(database, command, nil, nil, nil) == SQLITE_OK else { throw error(command) }
    }

    private func error(_ what: String) -> DatabaseError {
        let why = sqlite.sqlite3_errmsg(database).map { String(cString: $0) } ?? "no memory"
        return DatabaseError(description: "SQLite: \(what): \(why)")
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
