import SourceText

extension Figures {
    /// The figures by measure; whole numbers without a fraction.
    package var json: JSONValue {
        var object = JSONObject()
        for measure in Measure.allCases {
            let value = self[measure]
            object[measure.rawValue] = Int(exactly: value).map { .init($0) } ?? .init(value)
        }
        return .init(object)
    }

    /// Reads figures; nil if a measure is missing.
    ///
    /// - Parameters:
    ///   - value: The JSON form.
    package init?(_ value: JSONValue) {
        self.init()
        for measure in Measure.allCases {
            guard let number = value[measure.rawValue]?.double else { return nil }
            self[measure] = number
        }
    }
}
