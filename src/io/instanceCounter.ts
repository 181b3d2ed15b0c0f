/** Hands out the ids 1, 2, 3, ...: shapes of one label and one group share an id, a shape without a group has its own. */
export function instanceCounter(): (label: string, group: number | undefined) => number {
  const known = new Map<string, number>();
  let instances = 0;
  return (label, group) => {
    if (group === undefined) return ++instances;
    const key = JSON.stringify([label, group]);
    const id = known.get(key) ?? ++instances;
    known.set(key, id);
    return id;
  };
}
