// swift-tools-version: 6.2
import PackageDescription

/// Continuous integration sets `NUMAZONES_STRICT`; a user's build does not fail on a newer compiler's new warning.
let strict: [SwiftSetting] =
    Context.environment["NUMAZONES_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// One room of the house. `imports` are modules above it in the table of `Documentation/Architecture.md`.
func room(_ name: String, imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict)
}

/// Tests of one room. Fixtures are read from the source tree, in which the tests run.
func tests(of name: String, imports: [Target.Dependency] = [], fixtures: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + imports, exclude: fixtures,
        swiftSettings: strict)
}

/// What a page carries for the browser; put together by `Sources/BrowserCode/BrowserCode.swift`.
let browserFiles =
    [
        "State": [
            "arithmetic", "blockList", "zoneTally", "zoneState", "standingBlocks", "forms", "allocations",
            "machineState",
            "stretches", "history", "historyData",
        ],
        "Words": ["amounts", "names", "eventWords", "partWords"],
        "Views": [
            "elements", "drawing", "perCPUTable", "freeLists", "nodeMap", "tileDrawing", "zoneTiles", "blockTree",
            "changeDrawing", "eventDetails", "eventList", "timelineLane", "timeline",
        ],
        "Controls": ["player", "filters", "deepLink", "live"],
    ].flatMap { folder, modules in modules.map { "\(folder)/\($0).mjs" } }.sorted() + [
        "page.mjs", "main.mjs", "page.css",
    ]

let package = Package(
    name: "numazones",
    products: [
        .library(name: "NUMAZones", targets: ["NUMAZones"]),
        .library(name: "LibNUMA", targets: ["LibNUMA"]),
        .executable(name: "numazones", targets: ["CommandLineTool"]),
        // For the package of benchmarks, which runs them in release.
        .library(name: "_LogTrials", targets: ["LogTrials"]),
        .library(name: "_MachineTrials", targets: ["MachineTrials"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", path: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"])]),
        // Their headers only, without pkg-config, which would have them linked: they are opened when first needed.
        .systemLibrary(name: "CNuma", path: "CNuma"),
        .systemLibrary(name: "CArchive", path: "CArchive"),
        .systemLibrary(name: "CHWLoc", path: "CHWLoc"),
        .systemLibrary(name: "CSQLite", path: "CSQLite"),
        room("OperatingSystem", imports: [.product(name: "SystemPackage", package: "swift-system")]),
        room(
            "SourceText",
            imports: ["CZlib", "OperatingSystem", .product(name: "SystemPackage", package: "swift-system")]),
        .systemLibrary(name: "CPrefetch", path: "CPrefetch"),
        room("BuddyEngine", imports: ["CPrefetch"]),
        room("GFP", imports: ["BuddyEngine"]),
        room("Topology", imports: ["SourceText", "BuddyEngine", "GFP"]),
        room("KernelText", imports: ["SourceText", "BuddyEngine", "GFP", "Topology"]),
        room("KernelLog", imports: ["SourceText", "BuddyEngine", "GFP", "Topology", "KernelText"]),
        room("PageAllocator", imports: ["SourceText", "BuddyEngine", "GFP", "Topology"]),
        room("History", imports: ["BuddyEngine", "GFP", "Topology", "PageAllocator"]),
        room(
            "Recordings",
            imports: ["OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "PageAllocator"]),
        room(
            "Traces",
            imports: ["SourceText", "BuddyEngine", "GFP", "Topology", "KernelText", "PageAllocator", "History"]),
        room(
            "Scenarios",
            imports: ["OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "PageAllocator", "History"]),
        room(
            "Experiments",
            imports: [
                "OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "PageAllocator", "Traces",
                "Scenarios",
            ]),
        room(
            "FailureAnalysis",
            imports: [
                "OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "KernelText", "KernelLog",
                "PageAllocator",
            ]),
        .target(
            name: "BrowserCode", resources: browserFiles.map { .embedInCode($0) }, swiftSettings: strict),
        room("Databases", imports: ["CSQLite", "OperatingSystem"]),
        room("Clusters", imports: ["OperatingSystem", "SourceText"]),
        room("LibNUMA", imports: ["CNuma", "OperatingSystem", "Topology"]),
        room("LibArchive", imports: ["CArchive", "OperatingSystem"]),
        room("LibHWLoc", imports: ["CHWLoc", "OperatingSystem"]),
        room(
            "MachineSources",
            imports: [
                "OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "KernelText", "KernelLog",
                "PageAllocator",
                "Recordings", "Traces", "Scenarios", "FailureAnalysis",
                "LibArchive", "LibHWLoc",
            ]),
        room(
            "Report",
            imports: [
                "SourceText", "BuddyEngine", "GFP", "Topology", "KernelText", "KernelLog", "PageAllocator",
                "History", "Recordings", "Traces", "Scenarios", "Experiments", "FailureAnalysis", "Databases",
                "MachineSources", "BrowserCode",
            ]),
        room(
            "Serving",
            imports: [
                "OperatingSystem", "SourceText", "BuddyEngine", "GFP", "Topology", "KernelLog", "PageAllocator",
                "History",
                "Experiments", "Report", .product(name: "SystemPackage", package: "swift-system"),
            ]),
        room(
            "NUMAZones",
            imports: [
                "BuddyEngine", "GFP", "Topology", "KernelText", "KernelLog", "PageAllocator", "History", "Recordings",
                "Traces", "Scenarios", "Experiments", "FailureAnalysis", "MachineSources", "Report",
            ]),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "NUMAZones", "LibNUMA", "OperatingSystem", "SourceText", "Clusters", "Databases", "Serving",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["SourceText", "BuddyEngine"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "LogTrials",
            dependencies: ["BuddyEngine", "GFP", "Topology", "KernelLog", "PageAllocator", "FailureAnalysis"],
            path: "Tests/LogTrials", swiftSettings: strict),
        .target(
            name: "MachineTrials", dependencies: ["GFP", "MachineSources", "Topology"], path: "Tests/MachineTrials",
            swiftSettings: strict),
        .testTarget(
            name: "OperatingSystemTests",
            dependencies: ["OperatingSystem", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        tests(of: "SourceText"),
        tests(of: "BuddyEngine"),
        tests(of: "GFP"),
        tests(of: "Topology", imports: ["SourceText", "PageAllocator"], fixtures: ["BadTopologies"]),
        tests(of: "KernelText", imports: ["SourceText"]),
        tests(of: "KernelLog", imports: ["SourceText"], fixtures: ["Fixtures"]),
        tests(of: "PageAllocator"),
        tests(of: "History"),
        tests(of: "Serving", imports: ["MachineSources", "Scenarios", "Topology", "SourceText"]),
        tests(of: "Recordings", fixtures: ["Fixtures"]),
        tests(of: "Traces"),
        tests(of: "Scenarios", fixtures: ["BadScenarios"]),
        tests(of: "Experiments", imports: ["MachineSources", "FailureAnalysis"]),
        .testTarget(
            name: "DatabasesTests", dependencies: ["Databases", "CSQLite", "TestSupport"], swiftSettings: strict,
            linkerSettings: [.linkedLibrary("sqlite3")]),
        tests(of: "Clusters"),
        tests(of: "FailureAnalysis", imports: ["LogTrials"]),
        tests(of: "LibNUMA", imports: ["MachineSources"]),
        tests(of: "LibArchive", imports: ["SourceText"]),
        tests(of: "LibHWLoc", imports: ["OperatingSystem"]),
        tests(of: "MachineSources", imports: ["MachineTrials"]),
        tests(of: "Report", imports: ["BrowserCode", "History", "LogTrials", "SourceText"]),
        .testTarget(
            name: "DocumentationTests", dependencies: ["NUMAZones", "CommandLineTool", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests", dependencies: ["CommandLineTool", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
