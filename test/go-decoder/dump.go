package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// All bytes but plain ASCII as \x41: two texts are the same if and only if they are written the same.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			fmt.Fprintf(&out, "\\x%02x", c)
		} else {
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

func object(pairs []string) string {
	sort.Strings(pairs)
	return "{" + strings.Join(pairs, ",") + "}"
}

// What was decoded without a type.
func plain(value interface{}) string {
	switch value := value.(type) {
	case string:
		return quoted(value)
	case json.Number:
		return string(value)
	case []interface{}:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = plain(item)
		}
		return "[" + strings.Join(items, ",") + "]"
	case map[string]interface{}:
		pairs := make([]string, 0, len(value))
		for key, item := range value {
			pairs = append(pairs, quoted(key)+":"+plain(item))
		}
		return object(pairs)
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}

// Places whose empty values count as absent, such as HostConfig.Mounts.BindOptions.
type places map[string]bool

// What was decoded into a struct. Fields that Go leaves as they are made are left out; nil and empty are told apart, except
// in these places.
func typed(value reflect.Value, place string, absent places) string {
	switch value.Kind() {
	case reflect.Ptr:
		return "&" + typed(value.Elem(), place, absent)
	case reflect.Struct:
		return object(fields(value, place, absent))
	case reflect.Map:
		pairs := make([]string, 0, value.Len())
		for _, key := range value.MapKeys() {
			pairs = append(pairs, quoted(key.String())+":"+item(value.MapIndex(key), place, absent))
		}
		return object(pairs)
	case reflect.Slice, reflect.Array:
		items := make([]string, value.Len())
		for i := range items {
			items[i] = item(value.Index(i), place, absent)
		}
		return "[" + strings.Join(items, ",") + "]"
	case reflect.String:
		return quoted(value.String())
	}
	return fmt.Sprint(value)
}

func item(value reflect.Value, place string, absent places) string {
	if kind := value.Kind(); (kind == reflect.Ptr || kind == reflect.Slice) && value.IsNil() {
		return "nil"
	}
	return typed(value, place, absent)
}

func fields(value reflect.Value, place string, absent places) []string {
	found := []string{}
	for i := 0; i < value.NumField(); i++ {
		field, inner := value.Type().Field(i), value.Field(i)
		if inner.IsZero() {
			continue
		}
		if field.Anonymous {
			below := reflect.Indirect(inner)
			pairs := fields(below, place, absent)
			if field.Name == "Beside" {
				pairs = []string{"beside:" + object(pairs)}
			}
			found = append(found, pairs...)
			continue
		}
		at := strings.TrimPrefix(place+"."+field.Name, ".")
		if absent[at] && isEmpty(inner) {
			continue
		}
		found = append(found, field.Name+":"+typed(inner, at, absent))
	}
	return found
}

func isEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Map, reflect.Slice:
		return value.Len() == 0
	case reflect.Ptr:
		return value.IsNil() || isEmpty(value.Elem())
	case reflect.Struct:
		for i := 0; i < value.NumField(); i++ {
			if !isEmpty(value.Field(i)) {
				return false
			}
		}
		return true
	}
	return value.IsZero()
}
