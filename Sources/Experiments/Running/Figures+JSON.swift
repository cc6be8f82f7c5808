import SourceText

extension Figures {
    /// By measure; whole numbers as such.
    package var json: JSONValue {
        var object = JSONObject()
        for measure in Measure.allCases {
            let value = self[measure]
            object[measure.rawValue] = Int(exactly: value).map { .init($0) } ?? .init(value)
        }
        return .init(object)
    }

    /// - Returns: Nil if a measure is missing.
    package init?(_ value: JSONValue) {
        self.init()
        for measure in Measure.allCases {
            guard let number = value[measure.rawValue]?.double else { return nil }
            self[measure] = number
        }
    }
}
