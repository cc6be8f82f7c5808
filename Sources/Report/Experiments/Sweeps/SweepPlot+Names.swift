import Experiments
import SourceText

extension SweepPlot {
    /// The short name of each label: of a file without folders and ending, unless two files would then have the same
    /// name.
    static func names(of labels: [String]) -> [String: String] {
        let labels = Set(labels)
        let alike = Dictionary(grouping: labels, by: shortName)
        return Dictionary(
            uniqueKeysWithValues: labels.map { label in
                let short = shortName(label)
                return (label, alike[short]?.count == 1 ? short : label)
            })
    }

    private static func shortName(_ label: String) -> String {
        guard let ending = [".json5", ".json"].first(where: label.hasSuffix) else { return label }
        let name = label.dropLast(ending.count)
        let first = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        return String(name[first...])
    }
}

/// The shape of a line's points, because colour alone must not distinguish lines.
enum SweepMark: Int, CaseIterable {
    case circle, square, triangle, diamond, cross, ring, plate, wedge

    /// The shape of a line; there are as many shapes as colours.
    ///
    /// - Parameters:
    ///   - number: The line's number, from 0.
    init(_ number: Int) { self = Self.allCases[number % Self.allCases.count] }

    /// The outline around a point.
    func path(x: Double, y: Double) -> Markup {
        let points: [(Double, Double)] =
            switch self {
            case .circle: Self.round(4)
            case .square: [(-3.4, -3.4), (3.4, -3.4), (3.4, 3.4), (-3.4, 3.4)]
            case .triangle: [(0, -4.4), (4.2, 3.2), (-4.2, 3.2)]
            case .diamond: [(0, -4.8), (4.2, 0), (0, 4.8), (-4.2, 0)]
            case .cross:
                [
                    (-4.4, -2.4), (-2.4, -4.4), (0, -2), (2.4, -4.4), (4.4, -2.4), (2, 0), (4.4, 2.4), (2.4, 4.4),
                    (0, 2), (-2.4, 4.4), (-4.4, 2.4), (-2, 0),
                ]
            case .ring: Self.round(4.4) + [(4.4, 0), (2, 0)] + Self.round(2).reversed()
            case .plate: [(-5, -2), (5, -2), (5, 2), (-5, 2)]
            case .wedge: [(-4.2, -3.2), (4.2, -3.2), (0, 4.4)]
            }
        let corners = points.map { "\(Measure.decimals(x + $0.0, 1)),\(Measure.decimals(y + $0.1, 1))" }
        return "M\(corners.joined(separator: "L"))z"
    }

    /// A polygon with sixteen corners, which looks round at this size.
    private static func round(_ radius: Double) -> [(Double, Double)] {
        let eighth = [(1.0, 0.0), (0.924, 0.383), (0.707, 0.707), (0.383, 0.924)]
        return (0..<16).map { corner in
            let (x, y) = eighth[corner % 4]
            switch corner / 4 {
            case 0: return (x * radius, y * radius)
            case 1: return (-y * radius, x * radius)
            case 2: return (-x * radius, -y * radius)
            default: return (y * radius, -x * radius)
            }
        }
    }
}
