import { SNIPPETS, STOPS } from './snippets.ts';

/** Numbers of the snippets, in the order of the table. */
export const NUMBERED = Object.entries(SNIPPETS).flatMap(([subject, snippets]) =>
  snippets.map(([statements, result]) => ({ subject, statements, result })),
);

const HEAD = `
input int InpStop = -1;
enum ENUM_COLOUR { COLOUR_RED, COLOUR_BLUE = 4, };
struct Row { string name; double price; };
class Box { public: Row rows[]; };
int counters[3];
int Total(const int &values[]) { int sum = 0; for(int i = 0; i < ArraySize(values); i++) sum += values[i]; return(sum); }
int OnInit()
  {
   if(InpStop >= 0)
      Stop(InpStop);
   else
      RunAll();
   return(INIT_FAILED);
  }
`;

/** A program that runs every snippet and prints `number|result`, or runs one of those that end it. */
export function snippetProgram(): string {
  const variables = 'string r = "", s = ""; string parts[]; uchar bytes[]; int numbers[]; int n = 0, h = 0;';
  const used = 's = r; n += h + ArraySize(parts) + ArraySize(bytes) + ArraySize(numbers);';
  const functions = NUMBERED.map(
    ({ statements }, at) => `void Snippet${at}() { ${variables} ${statements} Print("${at}|" + r); ${used} }`,
  );
  const stops = STOPS.map(([statements], at) => `if(which == ${at}) { ${statements} }`);
  return [
    HEAD,
    ...functions,
    `void RunAll() { ${NUMBERED.map((_, at) => `Snippet${at}();`).join(' ')} }`,
    `void Stop(const int which) { ${variables}`,
    ...stops,
    `${used} Print("went on"); }`,
  ].join('\n');
}
