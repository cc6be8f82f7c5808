import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A terminal, if a descriptor is one.
package struct Terminal {
    private let descriptor: FileDescriptor

    /// nil: it is a file, a pipe or a device of another kind.
    package init?(_ descriptor: FileDescriptor) {
        guard isatty(descriptor.rawValue) == 1 else { return nil }
        self.descriptor = descriptor
    }

    /// Columns; nil: it does not say.
    package var width: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

    /// Rows; nil: it does not say.
    package var height: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

    private var size: winsize? {
        var size = winsize()
        return ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }
}
