/** Whether this page can be kept for use without a network, and if not, why, as a visitor may read it. */

export interface Place {
  readonly protocol: string;
  /** Version of the build, '' where there is none: the dev server, the single file. */
  readonly version: string;
  /** Inside another page. */
  readonly framed: boolean;
  /** https or localhost. */
  readonly secure: boolean;
  /** The browser has service workers and caches. */
  readonly able: boolean;
}

/** `fine`: nothing has to be kept, it works offline as it is. */
export interface WhyNot {
  readonly fine: boolean;
  readonly why: string;
}

/** null: it can be kept. */
export function whyNot({ protocol, version, framed, secure, able }: Place): WhyNot | null {
  const no = (why: string): WhyNot => ({ fine: false, why });
  if (protocol === 'file:') return { fine: true, why: 'this one file is the whole app' };
  if (version === '') return no('this is not a finished build');
  if (framed) return no('it stands inside another page');
  if (!secure) return no('the page came over plain http; https or localhost is needed');
  if (!able) return no('it has no service workers here; some have none in private windows');
  return null;
}
