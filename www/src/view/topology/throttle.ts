/** Does something at once, and then at most once in so many milliseconds; what was asked for meanwhile is done at their end. */
export function throttled(milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  const now = (): void => {
    isAsked = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) now();
    }, milliseconds);
    act();
  };
  return () => {
    isAsked = true;
    if (timer === undefined) now();
  };
}
