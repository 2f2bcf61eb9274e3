/** A statement or two of MQL5 that sets `r`, and what MetaQuotes' documentation promises. */
export type Snippet = readonly [statements: string, result: string];

/** Pieces of MQL5 by subject. Variables at hand: string r, s; string parts[]; uchar bytes[]; int numbers[], n, h. */
export const SNIPPETS: Readonly<Record<string, readonly Snippet[]>> = {
  strings: [
    [`r = IntegerToString(StringLen("Grüße€"));`, '6'],
    [`r = StringSubstr("abcdef", 2);`, 'cdef'],
    [`r = StringSubstr("abcdef", 2, 3);`, 'cde'],
    [`r = StringSubstr("abc", 5, 1) + "|";`, '|'],
    [`r = IntegerToString(StringFind("abcabc", "c", 3));`, '5'],
    [`r = IntegerToString(StringFind("abc", "x"));`, '-1'],
    [`n = StringSplit("a;b;;c", ';', parts); r = IntegerToString(n) + parts[3];`, '4c'],
    [`r = IntegerToString(StringSplit("", ';', parts));`, '0'],
    [`s = "a--b--c"; n = StringReplace(s, "--", "+"); r = s + IntegerToString(n);`, 'a+b+c2'],
    [`s = "  x "; n = StringTrimLeft(s); n += StringTrimRight(s); r = s + IntegerToString(n);`, 'x3'],
    [`s = "Aä"; StringToUpper(s); r = s;`, 'AÄ'],
    [`s = "abc"; StringSetCharacter(s, 1, 'X'); r = s + ShortToString(StringGetCharacter(s, 2));`, 'aXcc'],
    [`r = IntegerToString(StringCompare("a", "B", false)) + IntegerToString(StringCompare("b", "a"));`, '-11'],
    [`s = "abc"; r = s[1] == 'b' ? "yes" : "no";`, 'yes'],
    [`r = "two " "parts";`, 'two parts'],
    [`r = "a" < "b" && "b" >= "a" ? "ordered" : "not";`, 'ordered'],
    [`s = NULL; r = StringLen(s) == 0 ? "empty" : "not";`, 'empty'],
    [`r = "tab\\there \\"quoted\\" back\\\\slash \\x41";`, 'tab\there "quoted" back\\slash A'],
  ],
  'strings as bytes': [
    // The zero at the end is copied and counted.
    [`n = StringToCharArray("abc", bytes); r = IntegerToString(n) + IntegerToString(bytes[3]);`, '40'],
    [`r = IntegerToString(StringToCharArray("abc", bytes, 0, StringLen("abc")));`, '3'],
    [`r = IntegerToString(StringToCharArray("ü€", bytes, 0, WHOLE_ARRAY, CP_UTF8) - 1);`, '5'],
    [`StringToCharArray("ü€", bytes, 0, -1, CP_UTF8); r = CharArrayToString(bytes, 0, 2, CP_UTF8);`, 'ü'],
    [`StringToCharArray("abc", bytes); bytes[1] = 0; r = CharArrayToString(bytes);`, 'a'],
    [`ArrayResize(bytes, 9); StringToCharArray("abc", bytes); r = IntegerToString(ArraySize(bytes));`, '9'],
  ],
  conversions: [
    [`r = DoubleToString(1.23456789, 5);`, '1.23457'],
    [`r = DoubleToString(2.0);`, '2.00000000'],
    [`r = DoubleToString(NormalizeDouble(0.28999999999999998, 2), 17);`, '0.29000000'],
    [`r = DoubleToString(NormalizeDouble(1.005, 2), 2) + DoubleToString(NormalizeDouble(-2.5, 0), 0);`, '1.00-3'],
    [`r = IntegerToString(StringToInteger("  -12abc")) + IntegerToString(StringToInteger("x"));`, '-120'],
    [`r = DoubleToString(StringToDouble("1.5e3x"), 1) + DoubleToString(StringToDouble("inf"), 0);`, '1500.00'],
    [`r = IntegerToString(7, 4, '0');`, '0007'],
    [`ulong t = 9007199254740993; r = (string)t;`, '9007199254740993'],
    [`ulong t = 18446744073709551615; r = (string)t + " " + IntegerToString(t);`, '18446744073709551615 -1'],
    [`r = (string)(ulong)"18446744073709551615";`, '18446744073709551615'],
    [`r = (string)true + (string)0.1 + (string)(int)"42";`, 'true0.142'],
    [`r = TimeToString(D'2026.02.28 23:59:58');`, '2026.02.28 23:59'],
    [`r = TimeToString(D'2024.02.29', TIME_DATE) + " " + TimeToString(61, TIME_SECONDS);`, '2024.02.29 00:01:01'],
    [
      `r = EnumToString(ORDER_TYPE_BUY_STOP) + EnumToString(COLOUR_BLUE) + EnumToString((ENUM_COLOUR)9);`,
      'ORDER_TYPE_BUY_STOPCOLOUR_BLUEENUM_COLOUR::9',
    ],
    [`r = IntegerToString(PERIOD_H4) + " " + IntegerToString(TRADE_ACTION_SLTP);`, '16388 6'],
  ],
  formats: [
    [`r = StringFormat("%d|%5.2f|%s|%%|%I64u", 1, 2.5, "x", (ulong)9007199254740993);`, '1| 2.50|x|%|9007199254740993'],
    [`r = StringFormat("%08X %u %I64d %c", 255, (uint)7, (long)-5, 'A');`, '000000FF 7 -5 A'],
    [`r = StringFormat("%-4s|%4s", "ab", "cd");`, 'ab  |  cd'],
  ],
  arrays: [
    [`ArrayResize(numbers, 2); ArrayInitialize(numbers, 7); r = IntegerToString(numbers[0] + numbers[1]);`, '14'],
    // What MQL5 leaves to chance is never a zero here.
    [`ArrayFree(numbers); ArrayResize(numbers, 1); r = numbers[0] == 0 ? "zero" : "poisoned";`, 'poisoned'],
    [
      `ArrayResize(numbers, 3); ArrayInitialize(numbers, 1); numbers[0] = 5; ArrayRemove(numbers, 0, 2); r = IntegerToString(ArraySize(numbers));`,
      '1',
    ],
    [
      `ArrayResize(numbers, 3); for(n = 0; n < 3; n++) numbers[n] = n; ArrayCopy(numbers, numbers, 1, 0, 2); r = IntegerToString(numbers[2]);`,
      '1',
    ],
    [`int fixed[4] = {1, 2}; r = IntegerToString(fixed[1]) + IntegerToString(fixed[3]);`, '20'],
    [`const string words[] = {"a", "b"}; r = words[1] + IntegerToString(ArraySize(words));`, 'b2'],
    [`r = IntegerToString(Total(counters));`, '0'],
    [
      `Box box; ArrayResize(box.rows, 2); box.rows[1].name = "n"; Box copy = box; box.rows[1].name = "m"; r = copy.rows[1].name;`,
      'n',
    ],
  ],
  mathematics: [
    [`r = DoubleToString(MathRound(2.5), 0) + DoubleToString(MathRound(-2.5), 0);`, '3-3'],
    [`r = IntegerToString(MathMax(3, MathMin(9, 5))) + IntegerToString(MathAbs(-4));`, '54'],
    [`r = MathIsValidNumber(MathLog10(0)) ? "valid" : "not";`, 'not'],
    [`int big = INT_MAX; big++; r = IntegerToString(big);`, '-2147483648'],
  ],
  files: [
    [
      `h = FileOpen("a\\\\b\\\\c.txt", FILE_WRITE|FILE_TXT|FILE_ANSI, '\\t', CP_UTF8); FileWriteString(h, "ü\\r\\nzwei\\n"); FileClose(h);` +
        `h = FileOpen("a/b/c.txt", FILE_READ|FILE_TXT|FILE_ANSI, '\\t', CP_UTF8); r = FileReadString(h); r += "," + FileReadString(h); r += FileIsEnding(h) ? "." : "?"; FileClose(h);`,
      'ü,zwei.',
    ],
    [
      `ResetLastError(); h = FileOpen("missing.txt", FILE_READ|FILE_BIN); r = IntegerToString(h) + " " + IntegerToString(GetLastError());`,
      '-1 5004',
    ],
    [
      `ResetLastError(); h = FileOpen("..\\\\out.txt", FILE_WRITE|FILE_BIN); r = IntegerToString(h) + " " + IntegerToString(GetLastError());`,
      '-1 5002',
    ],
    [
      `h = FileOpen("bin", FILE_READ|FILE_WRITE|FILE_BIN); StringToCharArray("abcd", bytes, 0, 4); FileWriteArray(h, bytes, 1, 2); r = IntegerToString((long)FileSize(h)) + IntegerToString((long)FileTell(h));` +
        `FileSeek(h, 0, SEEK_SET); ArrayFree(bytes); n = (int)FileReadArray(h, bytes); r += CharArrayToString(bytes); FileClose(h);`,
      '22bc',
    ],
    [
      `h = FileOpen("bin", FILE_WRITE|FILE_BIN); r = FileOpen("bin", FILE_READ|FILE_BIN) == INVALID_HANDLE ? "locked" : "shared"; FileClose(h);`,
      'locked',
    ],
    [
      `h = FileOpen("new", FILE_WRITE|FILE_BIN); FileClose(h); r = FileMove("new", 0, "bin", 0) ? "moved" : "refused"; r += FileMove("new", 0, "bin", FILE_REWRITE) ? "moved" : "refused"; r += FileIsExist("new") ? "there" : "gone"; r += FileDelete("bin") ? "deleted" : "";`,
      'refusedmovedgonedeleted',
    ],
    [`ResetLastError(); FileSize(99); r = IntegerToString(_LastError);`, '5007'],
  ],
};

/** Statements at which the program stops, and a part of the reason. */
export const STOPS: readonly Snippet[] = [
  [`ArrayResize(numbers, 3); n = 3; numbers[n] = 1;`, 'array out of range: [3] of 3 elements (terminal.mq5:'],
  [`n = -1; r = parts[n];`, 'array out of range: [-1]'],
  [`s = "abc"; n = 3; r = ShortToString(s[n]);`, 'string out of range'],
  [`ArrayResize(counters, 9);`, 'a static array cannot be resized'],
  [`n = 0; numbers[0] = 5 / n;`, 'zero divide'],
  [`double zero = n; r = DoubleToString(1.0 / zero);`, 'zero divide'],
  [`r = StringFormat("%d", (long)1);`, '%d for an integer of 64 bits'],
  [`r = StringFormat("%I64u", 1);`, '%I64u for an integer of 32 bits'],
  [`r = StringFormat("%u", -1);`, '%u for a negative number'],
  [`r = StringFormat("%s", 1);`, '%s for what is no string'],
  [`r = StringFormat("%d %d", 1);`, 'more places than the 1 arguments'],
  [`r = StringFormat("%d", 1, 2);`, '1 places for 2 arguments'],
  [`r = StringSubstr("abc", 0, n);`, 'StringSubstr with a length of 0'],
];
