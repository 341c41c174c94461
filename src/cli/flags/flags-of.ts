/** From a command's options, as declared for the parser, to what the command gets: declared once. */

type ValueOf<Flag> = Flag extends { readonly kind: "boolean" }
  ? boolean
  : Flag extends { readonly kind: "enum"; readonly values: readonly (infer Value)[] }
    ? Value
    : Flag extends { readonly parse: (text: string) => infer Value }
      ? Awaited<Value>
      : never;

type Given<Flag> = Flag extends { readonly variadic: true } ? readonly ValueOf<Flag>[] : ValueOf<Flag>;

/** The parsed options of a command; @see src/cli/NAME/flags.ts */
export type FlagsOf<Flags> = {
  readonly [Name in keyof Flags]: Flags[Name] extends { readonly optional: true }
    ? Given<Flags[Name]> | undefined
    : Given<Flags[Name]>;
};
