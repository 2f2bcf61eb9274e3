/** A key as a person compares it: groups that are not torn apart. */
export function Fingerprint({ of }: { readonly of: string }) {
  return <span className="font-mono text-xs whitespace-nowrap">{of}</span>;
}
