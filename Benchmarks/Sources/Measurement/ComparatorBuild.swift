import KernelShapedComparator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The comparator as one compiler built it: this package's own, or a shared library of the same source.
public struct ComparatorBuild: Sendable {
    /// "built in", or the library's name.
    public let name: String
    let create: @convention(c) (UInt64, UInt64) -> OpaquePointer?
    let destroy: @convention(c) (OpaquePointer?) -> Void
    let run: @convention(c) (OpaquePointer?, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<UInt64>?) -> Void
    let runHashed:
        @convention(c) (
            OpaquePointer?, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<UInt64>?, UInt64
        ) -> UInt64

    /// The one that SwiftPM builds with this package.
    public static let builtIn = ComparatorBuild(
        name: "built in", create: comparator_create, destroy: comparator_destroy, run: comparator_run,
        runHashed: comparator_run_hashed)

    private init(
        name: String, create: @escaping @convention(c) (UInt64, UInt64) -> OpaquePointer?,
        destroy: @escaping @convention(c) (OpaquePointer?) -> Void,
        run:
            @escaping @convention(c) (
                OpaquePointer?, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<UInt64>?
            ) -> Void,
        runHashed:
            @escaping @convention(c) (
                OpaquePointer?, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<UInt64>?, UInt64
            ) -> UInt64
    ) {
        self.name = name
        self.create = create
        self.destroy = destroy
        self.run = run
        self.runHashed = runHashed
    }

    /// Opens a library; it stays open.
    ///
    /// - Returns: nil if it cannot be opened, or is no comparator.
    public init?(library path: String) {
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL),
            let create = dlsym(library, "comparator_create"), let destroy = dlsym(library, "comparator_destroy"),
            let run = dlsym(library, "comparator_run"), let runHashed = dlsym(library, "comparator_run_hashed")
        else { return nil }
        self.init(
            name: path.split(separator: "/").last.map(String.init) ?? path,
            create: unsafeBitCast(create, to: type(of: Self.builtIn.create)),
            destroy: unsafeBitCast(destroy, to: type(of: Self.builtIn.destroy)),
            run: unsafeBitCast(run, to: type(of: Self.builtIn.run)),
            runHashed: unsafeBitCast(runHashed, to: type(of: Self.builtIn.runHashed)))
    }
}
