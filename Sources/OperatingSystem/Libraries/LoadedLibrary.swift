#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A C library that is opened when it is first needed, so that the program runs on machines which do not have it.
///
/// `Functions` is a table that the library's system module declares (`CHWLoc/shim.h` and its like): each entry has the type
/// that the library's own header gives the function, so that the compiler checks calls as if it were linked.
package struct LoadedLibrary<Functions>: @unchecked Sendable {
    package let functions: Functions

    /// Opens the library; it stays open.
    ///
    /// - Parameters:
    ///   - name: Which it is.
    ///   - empty: A table without functions.
    ///   - fill: Fills the table from the opened library; names the first function that it lacks.
    /// - Throws: ``MissingLibrary`` if it is not on this machine, or an old one without something that is called.
    package init(
        _ name: LibraryName, _ empty: Functions,
        _ fill: (UnsafeMutableRawPointer?, UnsafeMutablePointer<Functions>?) -> UnsafePointer<CChar>?
    ) throws(MissingLibrary) {
        guard let handle = dlopen(name.file, RTLD_NOW | RTLD_LOCAL) else { throw MissingLibrary(library: name) }
        var functions = empty
        if let lacking = fill(handle, &functions) {
            throw MissingLibrary(library: name, lacking: String(cString: lacking))
        }
        self.functions = functions
    }
}

/// A C library that is not linked.
package struct LibraryName: Hashable, Sendable {
    /// As people call it.
    package let name: String
    /// The file's name, with the number of the interface that the headers describe.
    package let file: String
    /// The package that has it, by distribution.
    package let packages: String

    package init(name: String, file: String, packages: String) {
        self.name = name
        self.file = file
        self.packages = packages
    }

    package static let numa = Self(
        name: "libnuma", file: "libnuma.so.1", packages: "libnuma1 (Debian, Ubuntu), numactl-libs (Fedora) or numactl")
    package static let hwloc = Self(
        name: "hwloc", file: "libhwloc.so.15", packages: "libhwloc15 (Debian, Ubuntu), hwloc-libs (Fedora) or hwloc")
    package static let archive = Self(
        name: "libarchive", file: "libarchive.so.13",
        packages: "libarchive13 (Debian), libarchive13t64 (Ubuntu) or libarchive")
    package static let sqlite = Self(
        name: "SQLite", file: "libsqlite3.so.0", packages: "libsqlite3-0 (Debian, Ubuntu) or sqlite-libs")
}

/// Why a library's functions cannot be called.
package struct MissingLibrary: Error, Hashable, Sendable, CustomStringConvertible {
    package var library: LibraryName
    /// A function that it does not have; nil: it is not there at all.
    package var lacking: String?

    /// Follows what it is needed for.
    package var description: String {
        if let lacking {
            "the \(library.name) of this machine (\(library.file)) is too old: it has no \(lacking)"
        } else {
            "\(library.name) is not on this machine (\(library.file)): install \(library.packages)"
        }
    }
}
