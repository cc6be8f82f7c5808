import OperatingSystem
import Testing

@Suite struct LoadedLibraryTests {
    @Test func `a library that is not here is told with what to install`() {
        let name = LibraryName(name: "libnothing", file: "libnumazones-nothing.so.1", packages: "nothing1 (Debian)")
        let error = #expect(throws: MissingLibrary.self) { try LoadedLibrary(name, 0) { _, _ in nil } }
        #expect(
            error?.description
                == "libnothing is not on this machine (libnumazones-nothing.so.1): install nothing1 (Debian)")
    }

    @Test func `an old library is told with the function that it lacks`() {
        let name = LibraryName(name: "libc", file: "libc.so.6", packages: "")
        let error = #expect(throws: MissingLibrary.self) {
            try "no_such_function".withCString { lacking throws(MissingLibrary) in
                try LoadedLibrary(name, 0) { _, _ in lacking }
            }
        }
        #expect(
            error?.description == "the libc of this machine (libc.so.6) is too old: it has no no_such_function")
    }

    @Test func `the table of a library that is here is filled`() throws {
        let name = LibraryName(name: "libc", file: "libc.so.6", packages: "")
        let library = try LoadedLibrary(name, 0) { handle, table in
            table?.pointee = handle == nil ? 1 : 2
            return nil
        }
        #expect(library.functions == 2)
    }
}
