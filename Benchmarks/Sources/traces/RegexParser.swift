import Foundation

/// The comparator for reading text: the C library's regular expressions, line by line, as scripts over `perf script` and
/// ftrace's text do it. It takes the same fields, and reads nothing but lines of one form.
struct RegexParser: ~Copyable {
    private var expression = regex_t()
    private(set) var events = 0
    /// Adds up what was read, so that no compiler leaves it out.
    private(set) var sum: UInt64 = 0

    private static let pattern =
        "^ *[^ ]+-([0-9]+) +\\[([0-9]+)\\] [^ ]+ +([0-9]+)\\.([0-9]+): (mm_page_[a-z_]+): "
        + "page=[^ ]+ pfn=0x([0-9a-f]+) order=([0-9]+)( migratetype=([0-9]+) gfp_flags=([A-Za-z_|]+))?"

    init() {
        precondition(regcomp(&expression, Self.pattern, REG_EXTENDED) == 0)
    }

    deinit {
        var expression = expression
        regfree(&expression)
    }

    /// - Parameter line: Ends with a zero byte.
    mutating func parse(_ line: UnsafePointer<CChar>) {
        var matches = [regmatch_t](repeating: regmatch_t(), count: 11)
        guard regexec(&expression, line, matches.count, &matches, 0) == 0 else { return }
        events += 1
        for (group, base) in [(1, 10), (2, 10), (3, 10), (4, 10), (6, 16), (7, 10)] as [(Int, Int32)] {
            sum &+= UInt64(strtoull(line + Int(matches[group].rm_so), nil, base))
        }
        if matches[10].rm_so >= 0 { sum &+= UInt64(matches[10].rm_eo - matches[10].rm_so) }
    }

    mutating func read(_ path: String) {
        guard let file = fopen(path, "r") else { return }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        while getline(&line, &capacity, file) > 0 {
            if let line { parse(line) }
        }
        free(line)
    }
}
