import SourceText

/// What a visitor gets.
struct LiveAnswer: Sendable {
    enum Status: Sendable {
        case fine, badRequest, forbidden, notFound, wrongMethod, tooLarge
    }

    var status = Status.fine
    var type = "application/json"
    var text: String

    static func json(_ value: JSONValue) -> LiveAnswer { LiveAnswer(text: value.text() + "\n") }

    static func problem(_ status: Status, _ sentence: String) -> LiveAnswer {
        LiveAnswer(status: status, text: (["problem": JSONValue(sentence)] as JSONValue).text() + "\n")
    }

    static let done = json(["done": true])
}
