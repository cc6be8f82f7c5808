// swift-tools-version: 6.2
import PackageDescription

/// Fuzzers of everything that reads untrusted input. A package of its own: `Fuzz/fuzz` builds it with libFuzzer.
func fuzzer(_ name: String, _ imports: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: imports,
        swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "numazones", path: "..")],
    targets: [
        fuzzer("FuzzLog", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzMemInfo", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzJSON", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzLies", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzTrace", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzProc", [.product(name: "NUMAZones", package: "numazones")]),
        fuzzer("FuzzSource", [.product(name: "NUMAZones", package: "numazones")]),
    ],
    swiftLanguageModes: [.v6]
)
