#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A C library that is opened when it is first needed, so that the program runs on machines without it.
///
/// `Functions` is a table declared by the library's system module (`CHWLoc/shim.h` and the like): each entry has the
/// type that the library's own header declares, so that the compiler checks calls as if the library were linked.
package struct LoadedLibrary<Functions>: @unchecked Sendable {
    /// The library's functions.
    package let functions: Functions

    /// Opens the library and keeps it open.
    ///
    /// - Parameters:
    ///   - name: The library.
    ///   - empty: A table without functions.
    ///   - fill: Fills the table from the opened library and returns the name of the first function that is missing.
    /// - Throws: ``MissingLibrary`` if the library is not installed, or an old version lacks a function.
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
    /// Its name for people.
    package let name: String
    /// The file's name, with the version of the interface that the headers describe.
    package let file: String
    /// The packages that contain it, by distribution.
    package let packages: String

    /// Creates a name from its parts.
    package init(name: String, file: String, packages: String) {
        self.name = name
        self.file = file
        self.packages = packages
    }

    /// libnuma.
    package static let numa = Self(
        name: "libnuma", file: "libnuma.so.1", packages: "libnuma1 (Debian, Ubuntu), numactl-libs (Fedora) or numactl")
    /// hwloc.
    package static let hwloc = Self(
        name: "hwloc", file: "libhwloc.so.15", packages: "libhwloc15 (Debian, Ubuntu), hwloc-libs (Fedora) or hwloc")
    /// libarchive.
    package static let archive = Self(
        name: "libarchive", file: "libarchive.so.13",
        packages: "libarchive13 (Debian), libarchive13t64 (Ubuntu) or libarchive")
    /// SQLite.
    package static let sqlite = Self(
        name: "SQLite", file: "libsqlite3.so.0", packages: "libsqlite3-0 (Debian, Ubuntu) or sqlite-libs")
}

/// The reason why a library's functions cannot be called.
package struct MissingLibrary: Error, Hashable, Sendable, CustomStringConvertible {
    /// The library.
    package var library: LibraryName
    /// A function that it lacks; nil: the library is not installed.
    package var lacking: String?

    /// A sentence part that follows the purpose of the library.
    package var description: String {
        if let lacking {
            "the \(library.name) of this machine (\(library.file)) is too old: it has no \(lacking)"
        } else {
            "\(library.name) is not on this machine (\(library.file)): install \(library.packages)"
        }
    }
}
