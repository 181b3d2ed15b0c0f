/** Places, as many as come. */
export class Places {
  list = new Int32Array(4096);
  count = 0;

  push(place: number): void {
    if (this.count === this.list.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.count++] = place;
  }
}
