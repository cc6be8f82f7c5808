import Foundation
import TestSupport
import Testing

/// What the scripts do to other people's systems.
@Suite struct ScriptTests {
    /// A system that lacks libnuma, with a package manager that only writes down what it is asked.
    private func ensure(_ manager: String, environment: String = "") throws -> Session.Result {
        // Tests run side by side in one directory.
        let fake = "fake-\(manager)"
        return try Session.run(
            """
            rm -rf \(fake); mkdir -p \(fake)
            for name in swift sudo; do printf '#!/bin/sh\\nexit 0\\n' > \(fake)/$name; done
            printf '#!/bin/sh\\n[ "$2" != numa ]\\n' > \(fake)/pkg-config
            printf '#!/bin/sh\\necho "$0 $*" >> \(fake).asked\\n' > \(fake)/\(manager)
            chmod +x \(fake)/*; rm -f \(fake).asked
            for tool in id env sh grep sed; do ln -sf "$(command -v $tool)" \(fake)/$tool; done
            \(environment) PATH=$PWD/\(fake) sh -c '. \(SharedMaterial.packageRoot.path)/Scripts/dependencies; ensure_dependencies'
            code=$?; if [ -e \(fake).asked ]; then while read -r line; do echo "asked: $line"; done < \(fake).asked; fi; exit $code
            """)
    }

    @Test func `installing is announced, and can be declined`() throws {
        let installs = try ensure("apt-get")
        #expect(installs.output.contains("installing with apt-get: libnuma-dev"), "\(installs.output)")
        #expect(installs.output.contains("NUMAZONES_NO_INSTALL=1"))
        #expect(installs.output.contains("asked: "))
        let declined = try ensure("apt-get", environment: "NUMAZONES_NO_INSTALL=1")
        #expect(declined.code == 1 && !declined.output.contains("asked: "), "\(declined.output)")
        #expect(declined.output.contains("apt-get install libnuma-dev"), "\(declined.output)")
    }

    @Test func `nothing else is upgraded on Arch`() throws {
        let result = try ensure("pacman")
        #expect(result.output.contains("-S --needed"), "\(result.output)")
        #expect(!result.output.contains("-Sy"))
    }

    @Test func `dependencies are pinned exactly, at the versions and commits that are written down`() throws {
        let root = SharedMaterial.packageRoot
        let manifest = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let pins = try String(contentsOf: root.appendingPathComponent("Scripts/pins"), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
        #expect(manifest.components(separatedBy: ".package(").count - 1 == pins.count)
        for pin in pins {
            #expect(pin.count == 3)
            #expect(manifest.contains("\(pin[0])\", exact: \"\(pin[1])\")"), "\(pin)")
        }
        let check = try Session.run(". '\(root.path)/Scripts/dependencies'; check_pins '\(root.path)'")
        #expect(check.code == 0, "\(check.output)")
        let wrong = try Session.run(
            """
            mkdir -p pinned/Scripts; sed 's/[0-9a-f]\\{40\\}/0000000000000000000000000000000000000000/' \
            '\(root.path)/Scripts/pins' > pinned/Scripts/pins; cp '\(root.path)/Package.resolved' pinned/
            . '\(root.path)/Scripts/dependencies'; check_pins pinned
            """)
        #expect(wrong.code == 1 && wrong.output.contains("swift-argument-parser"), "\(wrong.output)")
    }
}
