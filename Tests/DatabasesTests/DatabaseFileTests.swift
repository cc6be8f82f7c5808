import CSQLite
import Databases
import Testing

@Suite struct DatabaseFileTests {
    private static let table = DatabaseFile.Table(
        name: "a \"b\"", columns: [.init("n", .integer), .init("x", .real), .init("t", .text)],
        rows: [[.integer(1), .real(0.5), .text("'; DROP TABLE x; --\u{E9}")], [.integer(-2), .null, .text("")]])

    @Test func `what is written is what SQLite reads`() throws {
        var bytes = try DatabaseFile([Self.table]).bytes
        var database: OpaquePointer?
        #expect(sqlite3_open(":memory:", &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        let size = Int64(bytes.count)
        try bytes.withUnsafeMutableBufferPointer { buffer in
            #expect(
                sqlite3_deserialize(
                    database, "main", buffer.baseAddress, size, size, UInt32(SQLITE_DESERIALIZE_READONLY)) == SQLITE_OK)
            var statement: OpaquePointer?
            let query = "SELECT n, x, t FROM \"a \"\"b\"\"\" ORDER BY rowid"
            try #require(sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK)
            defer { sqlite3_finalize(statement) }
            #expect(sqlite3_step(statement) == SQLITE_ROW)
            #expect(sqlite3_column_int(statement, 0) == 1 && sqlite3_column_double(statement, 1) == 0.5)
            #expect(String(cString: sqlite3_column_text(statement, 2)) == "'; DROP TABLE x; --\u{E9}")
            #expect(sqlite3_step(statement) == SQLITE_ROW)
            #expect(sqlite3_column_int(statement, 0) == -2 && sqlite3_column_type(statement, 1) == SQLITE_NULL)
            #expect(sqlite3_step(statement) == SQLITE_DONE)
        }
    }

    @Test func `the same tables are the same bytes, and tell no version`() throws {
        let bytes = try DatabaseFile([Self.table]).bytes
        #expect(try DatabaseFile([Self.table]).bytes == bytes)
        #expect(Array(bytes[96..<100]) == [0, 0, 0, 0])
    }

    @Test func `a table that SQLite cannot make is refused`() {
        #expect(throws: DatabaseError.self) {
            try DatabaseFile([.init(name: "t", columns: [.init("a", .text), .init("A", .text)], rows: [])])
        }
    }
}
