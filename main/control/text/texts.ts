/** A catalogue's form, with the texts of another language: a missing or surplus key is a compile error. */
export type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
