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
    package var width: Int? {
        var size = winsize()
        guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
