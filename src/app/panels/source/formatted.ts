/** The text as the printer writes it. */
import { parse } from '../../../scenario/parser.ts';
import { print } from '../../../scenario/printer.ts';

export const formatted = (text: string): string => print(parse(text).scenario);
