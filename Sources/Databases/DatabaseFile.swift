/// Tables as the bytes of an SQLite file, which every language's libraries read.
///
/// The same tables are the same bytes: a new database is filled in order, in memory, and what would tell the library's version
/// is blanked.
package struct DatabaseFile: Sendable {
    package private(set) var bytes: [UInt8]

    /// - Throws: ``DatabaseError`` if SQLite takes something amiss.
    package init(_ tables: [Table]) throws(DatabaseError) {
        let writer = try DatabaseWriter()
        for table in tables { try writer.write(table) }
        bytes = try writer.bytes()
        // The version of the library that wrote it, "for informational purposes" (fileformat2.html, 1.3).
        if bytes.count >= 100 { bytes.replaceSubrange(96..<100, with: [0, 0, 0, 0]) }
    }

    package struct Table: Hashable, Sendable {
        package var name: String
        package var columns: [Column]
        package var rows: [[Value]]

        package init(name: String, columns: [Column], rows: [[Value]]) {
            self.name = name
            self.columns = columns
            self.rows = rows
        }
    }

    package struct Column: Hashable, Sendable {
        package var name: String
        package var kind: Kind

        package enum Kind: String, Hashable, Sendable {
            case integer = "INTEGER"
            case real = "REAL"
            case text = "TEXT"
        }

        package init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    package enum Value: Hashable, Sendable {
        case integer(Int)
        case real(Double)
        case text(String)
        case null
    }
}

/// What SQLite said, or that it is not there.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    /// SQLite is not on this machine.
    package var isMissingLibrary = false
}
