// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
    Context.environment["NUMAZONES_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

// A package of its own, so that nobody who uses numazones builds it.
let package = Package(
    name: "numazones-benchmarks",
    dependencies: [
        .package(name: "numazones", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "KernelShapedComparator"),
        .target(
            name: "Workloads",
            dependencies: ["KernelShapedComparator", .product(name: "NUMAZones", package: "numazones")],
            swiftSettings: strict),
        .target(
            name: "Measurement",
            dependencies: ["KernelShapedComparator", "Workloads", .product(name: "NUMAZones", package: "numazones")],
            swiftSettings: strict),
        .executableTarget(
            name: "ratios",
            dependencies: [
                "Measurement", "Workloads", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "traces",
            dependencies: [
                .product(name: "NUMAZones", package: "numazones"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "trials",
            dependencies: [
                .product(name: "_LogTrials", package: "numazones"),
                .product(name: "_MachineTrials", package: "numazones"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ComparatorTests", dependencies: ["KernelShapedComparator", "Workloads"], swiftSettings: strict),
        .testTarget(name: "MeasurementTests", dependencies: ["Measurement", "Workloads"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
