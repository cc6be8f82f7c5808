import TestSupport
import Testing

/// What options that name an output file do to what is there.
@Suite struct OutputSessionTests {
    @Test func `a link's target is replaced, a FIFO and a device are written to, none is made a file`() throws {
        let result = try Session.run(
            """
            rm -rf o; mkdir o; cd o; echo old > real.json; chmod 604 real.json; ln -s real.json link.json; mkfifo pipe
            echo '{"nodes":[{"cpus":"0","memory":"32MiB"}]}' > t.json
            numazones age t.json --out link.json > report && numazones age t.json --out new.json.gz > report
            cat pipe > read & numazones age t.json --out pipe > report; wait
            numazones age t.json --out /dev/null > report
            numazones age t.json --out - > standard
            numazones age t.json --out /dev/stdout > both
            gzip -dc new.json.gz | cmp - real.json && cmp read real.json && cmp standard real.json && echo equal
            head -c "$(wc -c < real.json)" both | cmp - real.json && echo at stdout
            numazones show new.json.gz > shown && stat -c '%a %F' real.json link.json pipe /dev/null | sed 's/^666 \\|^6.0 //'
            ls -A
            """)
        #expect(result.code == 0)
        #expect(
            result.output == """
                equal
                at stdout
                604 regular file
                777 symbolic link
                644 fifo
                character special file
                both
                link.json
                new.json.gz
                pipe
                read
                real.json
                report
                shown
                standard
                t.json

                """, "\(result.output)")
    }

    @Test func `a picture and a page are whole or not there`() throws {
        let result = try Session.run(
            """
            rm -rf p; mkdir p; cd p; log=$(ls ../logs/*.txt ../logs/*.log 2>/dev/null | head -1)
            log=$(grep -ls 'page allocation failure' ../logs/* | head -1)
            numazones explain "$log" --svg a.svg --html no/where.html; echo $?; ls -A
            numazones explain "$log" --svg - | head -c 4; echo
            numazones explain "$log" --html - | head -c 9 | tr a-z A-Z; echo
            numazones explain "$log" --svg - --html -; echo $?
            numazones explain "$log" --svg - --json; echo $?
            """)
        #expect(
            result.output == """
                numazones: no/where.html: cannot be written: No such file or directory
                2
                <svg
                <!DOCTYPE
                numazones: --svg and --html cannot both be standard output: name a file for one
                2
                numazones: --svg - and --json both write to standard output: name a file after --svg
                2

                """, "\(result.output)")
    }

    @Test func `a trace converted to standard output reads as one converted to a file`() throws {
        let result = try Session.run(
            """
            rm -rf q; mkdir q; cd q
            echo 'a-1 [000] .... 1.000000: mm_page_free: page=1 pfn=8 order=0' > t
            numazones replay t --convert a.nzt; numazones replay t --convert - > b.nzt; cmp a.nzt b.nzt && echo equal
            numazones replay t --convert c.nzt.gz; gzip -dc c.nzt.gz | cmp - a.nzt && echo equal
            printf x >> a.nzt; numazones replay a.nzt > report; echo $?
            numazones replay t --checkpoint /dev/null; echo $?; numazones replay t --checkpoint -; echo $?
            """)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0 == "equal" }.count == 2, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("-: 1 events in ") }, "\(lines)")
        #expect(lines.contains { $0.hasSuffix("there is more in the file than its end block says") }, "\(lines)")
        #expect(
            lines.suffix(4) == [
                "numazones: /dev/null: is not a regular file, so it could not be read again", "2",
                "numazones: -: is not a regular file, so it could not be read again", "2",
            ], "\(lines)")
    }
}
