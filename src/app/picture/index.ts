/** The picture and its equal, the table. */
export { Picture } from './Picture.tsx';
export { TableView } from './TableView.tsx';
