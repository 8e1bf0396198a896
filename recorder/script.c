/*
 * script.c - files of experiments: "@name description", then operations
 * separated by `;' or line ends; `#' starts a comment line.
 */
#include "litmus.h"

/* The whole of a file ("-": of standard input), 0 if it cannot be read. */
char *slurp(const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	size_t size = 1 << 16, len = 0, n;
	char *text = malloc(size);

	if (!f)
		return 0;
	while ((n = fread(text + len, 1, size - len - 1, f)) > 0) {
		len += n;
		if (size - len < 2)
			text = realloc(text, size *= 2);
	}
	text[len] = 0;
	if (f != stdin)
		fclose(f);
	return text;
}

static void add_line(struct experiment *e, const char *line)
{
	size_t had = strlen(e->script), n = strlen(line);

	e->script = realloc(e->script, had + n + 2);
	memcpy(e->script + had, line, n);
	strcpy(e->script + had + n, ";");
}

static void start_experiment(struct experiment *e, char *line)
{
	char *space = strchr(line, ' ');

	if (space)
		*space++ = 0;
	e->name = line + 1;
	e->desc = space ? space : "";
	e->script = strdup("");
}

/* Cuts text into experiments; names and descriptions point into it. */
struct experiment *load_experiments(char *text, int *count)
{
	struct experiment *list = 0;
	char *line, *rest;

	*count = 0;
	for (line = strtok_r(text, "\r\n", &rest); line; line = strtok_r(0, "\r\n", &rest)) {
		if (*line == '@') {
			list = realloc(list, (*count + 1) * sizeof(*list));
			start_experiment(&list[(*count)++], line);
		} else if (*line != '#' && *count) {
			add_line(&list[*count - 1], line);
		}
	}
	return list;
}
