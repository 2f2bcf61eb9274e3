const SECTION_ADDRESS = 0x1000;
const SECTION_OFFSET = 0x200;
const PE_OFFSET = 0x40;
const OPTIONAL_HEADER_BYTES = 224;

/**
 * A library of Windows that exports functions by name and has no code: as much of a plugin as makensis looks at when it
 * compiles a call of it.
 */
export function standInPlugin(exports: readonly string[]): Buffer {
  const section = exportSection(exports.toSorted());
  const headers = Buffer.alloc(SECTION_OFFSET);
  headers.write('MZ', 0);
  headers.writeUInt32LE(PE_OFFSET, 0x3c);
  headers.write('PE\0\0', PE_OFFSET);
  const file = PE_OFFSET + 4;
  headers.writeUInt16LE(0x14c, file); // i386
  headers.writeUInt16LE(1, file + 2); // sections
  headers.writeUInt16LE(OPTIONAL_HEADER_BYTES, file + 16);
  headers.writeUInt16LE(0x2102, file + 18); // an executable image of 32 bits, a library
  writeOptionalHeader(headers, file + 20, section.length);
  const entry = file + 20 + OPTIONAL_HEADER_BYTES;
  headers.write('.edata', entry);
  headers.writeUInt32LE(section.length, entry + 8);
  headers.writeUInt32LE(SECTION_ADDRESS, entry + 12);
  headers.writeUInt32LE(section.length, entry + 16);
  headers.writeUInt32LE(SECTION_OFFSET, entry + 20);
  headers.writeUInt32LE(0x40000040, entry + 36); // initialised data that can be read
  return Buffer.concat([headers, section]);
}

function writeOptionalHeader(headers: Buffer, at: number, sectionBytes: number): void {
  headers.writeUInt16LE(0x10b, at); // PE32
  headers.writeUInt32LE(0x10000000, at + 28); // image base
  headers.writeUInt32LE(0x1000, at + 32); // alignment in memory
  headers.writeUInt32LE(SECTION_OFFSET, at + 36); // alignment in the file
  headers.writeUInt16LE(4, at + 48); // subsystem version
  headers.writeUInt32LE(SECTION_ADDRESS + 0x1000, at + 56); // size of the image
  headers.writeUInt32LE(SECTION_OFFSET, at + 60); // size of the headers
  headers.writeUInt16LE(2, at + 68); // Windows, with windows
  headers.writeUInt32LE(16, at + 92); // directories
  headers.writeUInt32LE(SECTION_ADDRESS, at + 96); // of which the first is that of the exports
  headers.writeUInt32LE(sectionBytes, at + 100);
}

/** The directory of exports: a table of addresses, one of names and one of their numbers, then the names themselves. */
function exportSection(names: readonly string[]): Buffer {
  const [addresses, pointers] = [40, 40 + 4 * names.length];
  const ordinals = pointers + 4 * names.length;
  let text = ordinals + 2 * names.length;
  const section = Buffer.alloc(text + names.reduce((bytes, name) => bytes + name.length + 1, 0));
  section.writeUInt32LE(1, 16); // first ordinal
  section.writeUInt32LE(names.length, 20);
  section.writeUInt32LE(names.length, 24);
  for (const [index, table] of [addresses, pointers, ordinals].entries()) {
    section.writeUInt32LE(SECTION_ADDRESS + table, 28 + 4 * index);
  }
  for (const [index, name] of names.entries()) {
    section.writeUInt32LE(SECTION_ADDRESS, addresses + 4 * index);
    section.writeUInt32LE(SECTION_ADDRESS + text, pointers + 4 * index);
    section.writeUInt16LE(index, ordinals + 2 * index);
    text += section.write(name, text, 'latin1') + 1;
  }
  return section;
}
