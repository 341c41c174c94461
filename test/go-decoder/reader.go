// Says how Go reads bodies of the Docker Engine API.
//
// Each line on stdin is an operation and a body in base64. The answer is a line: what Go reads without a type, a tab, and what
// it reads into the operation's type. The arguments are places, `Operation:Field.Field`, whose empty values count as absent.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
)

// As dockerd does it: a Decoder, which reads one value and no further.
func decode(body []byte, into interface{}) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return decoder.Decode(into)
}

func withoutType(body []byte) string {
	var value interface{}
	if err := decode(body, &value); err != nil {
		return "error: " + quoted(err.Error())
	}
	return plain(value)
}

// A value of another type is an error in the end, but Go reads on: the answer has both.
func withType(operation string, body []byte, absent places) string {
	into := shapes[operation]()
	switch err := decode(body, into).(type) {
	case nil:
		return typed(reflect.ValueOf(into).Elem(), "", absent)
	case *json.UnmarshalTypeError:
		return "type of " + err.Field + ": " + typed(reflect.ValueOf(into).Elem(), "", absent)
	default:
		return "error: " + quoted(err.Error())
	}
}

func main() {
	absent := map[string]places{}
	for _, argument := range os.Args[1:] {
		parts := strings.SplitN(argument, ":", 2)
		if absent[parts[0]] == nil {
			absent[parts[0]] = places{}
		}
		absent[parts[0]][parts[1]] = true
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		fmt.Fprintln(out, answer(strings.TrimSuffix(line, "\n"), absent))
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
	out.Flush()
}

func answer(line string, absent map[string]places) string {
	parts := strings.SplitN(line, " ", 2)
	body, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || shapes[parts[0]] == nil {
		fmt.Fprintln(os.Stderr, "not an operation and a body:", line)
		os.Exit(2)
	}
	return withoutType(body) + "\t" + withType(parts[0], body, absent[parts[0]])
}
