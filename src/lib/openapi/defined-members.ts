type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }
type Always<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }

/** The object without its undefined members: in a document a member is either there or not. */
export function definedMembers<T extends object>(members: T): Always<T> & Optional<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Always<T> &
    Optional<T>
}
