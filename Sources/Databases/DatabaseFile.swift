/// Tables as the bytes of an SQLite file, which libraries of every language can read.
///
/// The same tables give the same bytes: a new database is filled in order, in memory, and the version of the library is
/// blanked.
package struct DatabaseFile: Sendable {
    /// The file's bytes.
    package private(set) var bytes: [UInt8]

    /// Creates a file.
    ///
    /// - Parameters:
    ///   - tables: The tables, in the order in which they are written.
    /// - Throws: ``DatabaseError`` if SQLite reports an error or is not installed.
    package init(_ tables: [Table]) throws(DatabaseError) {
        let writer = try DatabaseWriter()
        for table in tables { try writer.write(table) }
        bytes = try writer.bytes()
        // The version of the library that wrote the file, "for informational purposes" (fileformat2.html, 1.3).
        if bytes.count >= 100 { bytes.replaceSubrange(96..<100, with: [0, 0, 0, 0]) }
    }

    /// One table.
    package struct Table: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its columns.
        package var columns: [Column]
        /// Its rows, each with as many values as there are columns.
        package var rows: [[Value]]

        /// Creates a table from its parts.
        package init(name: String, columns: [Column], rows: [[Value]]) {
            self.name = name
            self.columns = columns
            self.rows = rows
        }
    }

    /// One column.
    package struct Column: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// The type of its values.
        package var kind: Kind

        /// The type of a column's values.
        package enum Kind: String, Hashable, Sendable {
            case integer = "INTEGER"
            case real = "REAL"
            case text = "TEXT"
        }

        /// Creates a column from its parts.
        package init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// One value.
    package enum Value: Hashable, Sendable {
        case integer(Int)
        case real(Double)
        case text(String)
        case null
    }
}

/// What SQLite said, or that it is not installed.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The message.
    package var description: String
    /// Whether SQLite is not installed on this machine.
    package var isMissingLibrary = false
}
