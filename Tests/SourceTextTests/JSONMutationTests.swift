import SourceText
import TestSupport
import Testing

@Suite
struct JSONMutationTests {
    static let texts = [
        #"{ // c"# + "\n"
            + #" "name": "a\u00e9\n", nodes: [{id: 0, cpus: '0-3', memory: ["1GiB", 0x10, 1.5e3]},], b: -Infinity }"#,
        #"[[[{"a":{"b":[1,2,3,null,true,false]}}]],"\ud83d\ude00",+.5,5.,/* x */'\'']"#,
    ]

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a text with random bytes changed is read or refused, never a crash`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let interesting = Array("{}[]:,\"'\\/*+-.0xeuINaN \n\0".utf8) + [0x80, 0xC2, 0xE2, 0xFF]
        for _ in 0..<1000 {
            var bytes = Array(Self.texts[Int(random.next() % UInt64(Self.texts.count))].utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch random.next() % 4 {
                case 0: bytes[index] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: index)
                case 2: bytes.remove(at: index)
                default: bytes.removeLast(bytes.count - index - 1)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let source = SourceFile(name: "mutated", bytes: bytes)
            do throws(SourceError) {
                let document = try JSONDocument(source)
                let again = try JSONDocument(text: document.root.text())
                #expect(again.root == Self.withoutInfinities(document.root), "\(random): \(source.text)")
            } catch {
                #expect(error.location != nil && !error.message.isEmpty, "\(random): \(source.text)")
            }
        }
    }

    /// JSON cannot write them: they come back as null.
    private static func withoutInfinities(_ value: JSONValue) -> JSONValue {
        switch value.kind {
        case .number(let number) where !number.isFinite: nil
        case .array(let elements): JSONValue(elements.map(withoutInfinities))
        case .object(let object): JSONValue(JSONObject(object.members.map { ($0.key, withoutInfinities($0.value)) }))
        default: value
        }
    }
}
