import { expect, test } from "vitest";
import { findOperation, type OperationCall } from "../../engine/index.ts";
import { isObserver } from "./is-observer.ts";

test.each([
  ["/events", true],
  ["/v1.41/events?filters=%7B%7D", true],
  ["/containers/web/logs?follow=1&stdout=1", true],
  ["/containers/web/logs?stdout=1&follow=True", true],
  ["/services/web/logs?follow=1", true],
  ["/containers/web/logs?stdout=1", false],
  ["/containers/web/logs?follow=0", false],
  ["/containers/web/logs?follow=false", false],
  ["/containers/web/stats", true],
  ["/containers/web/stats?stream=1", true],
  ["/containers/web/stats?stream=false&one-shot=1", false],
  ["/images/get?names=web", false],
  ["/containers/json?follow=1", false],
])("%s: %s", (target, expected) => {
  expect(isObserver(findOperation("GET", target) as OperationCall)).toBe(expected);
});
