/// The members of a JSON object, in order.
public struct JSONObject: Sendable {
    /// The members, in the order of the text.
    public private(set) var members: [Member]
    /// Position by key; empty for so few members that searching them is faster.
    private var index: [String: Int]

    /// The number of members from which there is an index.
    static let smallest = 16

    /// A key and its value.
    public struct Member: Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSONValue
        var keyPosition: Int32

        /// The offset in bytes at which the key begins in the text; nil if it was not read from one.
        public var keyOffset: Int? { keyPosition < 0 ? nil : Int(keyPosition) }
    }

    public init() { self.init(members: []) }

    /// Of members with the same key, the last one counts.
    public init(_ elements: some Sequence<(String, JSONValue)>) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }

    /// - Precondition: No two members have the same key.
    init(members: [Member]) {
        self.members = members
        index = [:]
        if members.count >= Self.smallest { indexAll() }
    }

    /// Of members with the same key, the last one stays; `duplicate` is called for each but the first.
    init(unchecked all: [Member], duplicate: (_ member: Member, _ first: Member) -> Void) {
        var first: [String: Int] = Dictionary(minimumCapacity: all.count)
        var last: [String: Int] = [:]
        for (position, member) in all.enumerated() {
            if let earlier = first[member.key] {
                duplicate(member, all[earlier])
                last[member.key] = position
            } else {
                first[member.key] = position
            }
        }
        members = last.isEmpty ? all : all.enumerated().filter { (last[$1.key] ?? $0) == $0 }.map(\.element)
        index = last.isEmpty && all.count >= Self.smallest ? first : [:]
        if index.isEmpty, members.count >= Self.smallest { indexAll() }
    }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The number of members.
    public var count: Int { members.count }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of a key. O(1). Setting a new key appends it; setting nil removes the member, O(count).
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?):
                members[position].value = value
            case (nil, let value?):
                members.append(Member(key: key, value: value, keyPosition: -1))
                if members.count == Self.smallest {
                    indexAll()
                } else if members.count > Self.smallest {
                    index[key] = members.count - 1
                }
            case (let position?, nil):
                members.remove(at: position)
                self = JSONObject(members: members)
            case (nil, nil):
                break
            }
        }
    }

    /// The member with a key; nil if there is none.
    public func member(_ key: String) -> Member? { position(of: key).map { members[$0] } }

    private func position(of key: String) -> Int? {
        index.isEmpty ? members.firstIndex { $0.key == key } : index[key]
    }

    private mutating func indexAll() {
        index.reserveCapacity(members.count)
        for (position, member) in members.enumerated() { index[member.key] = position }
    }
}

extension JSONObject: Equatable {
    /// The order of members does not count.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        for member in left.members {
            guard let position = right.position(of: member.key) else { return false }
            if right.members[position].value != member.value { return false }
        }
        return true
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
