/*
 * expect.c - the last part of a program that was exported from a scenario:
 * runs the recorder above in a child, passes on what it prints, and compares
 * that with what a model has predicted.  Canonical forms as in
 * src/evidence/canon.ts.
 *
 * Exit status: 0 the prediction held, 1 it did not, 2 it could not be tried.
 */
#include <sys/wait.h>

#define CANON_MAX	4096
#define FRAMES_MAX	64

/* One operation of one experiment; the table ends with a null experiment. */
struct prediction {
	const char *experiment, *op;
	int novalue;		/* what it reports says something about the machine */
	const char *values;	/* errors, bytes */
	const char *frames;	/* and which pages are one frame: copy or reuse */
};

extern const struct prediction predictions[];
extern const char predicted_by[];
extern const int frames_count;	/* all memory is of kinds where frames are exact */

/* Names end in the first step in which no page shows the frame. */
struct frame_names {
	int count, next_f, next_z;
	char seen[FRAMES_MAX][12], said[FRAMES_MAX][16];
};

struct canon {
	char text[CANON_MAX];
	size_t len;
};

static void canon_add(struct canon *c, const char *text, size_t n)
{
	if (n > sizeof(c->text) - 1 - c->len)
		n = sizeof(c->text) - 1 - c->len;
	memcpy(c->text + c->len, text, n);
	c->len += n;
	c->text[c->len] = 0;
}

/* The text behind "key":" up to its quote, if that is before end. */
static const char *text_of(const char *from, const char *end, const char *key, size_t *n)
{
	const char *p = strstr(from, key), *q;

	if (!p || p >= end)
		return 0;
	p += strlen(key);
	q = strchr(p, '"');
	if (!q || q > end)
		return 0;
	*n = q - p;
	return p;
}

static const char *name_frame(struct frame_names *now, const struct frame_names *before,
			      const char *f, size_t n)
{
	char name[12];
	int i;

	snprintf(name, sizeof(name), "%.*s", (int)n, f);
	for (i = 0; i < now->count; i++)
		if (!strcmp(now->seen[i], name))
			return now->said[i];
	if (now->count == FRAMES_MAX)
		return "?";
	strcpy(now->seen[now->count], name);
	for (i = 0; i < before->count && strcmp(before->seen[i], name); i++)
		;
	if (i < before->count)
		strcpy(now->said[now->count], before->said[i]);
	else if (name[0] == 'z')
		sprintf(now->said[now->count], "z%d", now->next_z++);
	else
		sprintf(now->said[now->count], "f%d", now->next_f++);
	return now->said[now->count++];
}

static void canon_page(struct canon *c, char actor, const char *page, const char *end, int frames,
		       struct frame_names *now, const struct frame_names *before)
{
	size_t name_len = strcspn(page, "\""), f_len = 0, v_len = 0;
	const char *f = text_of(page, end, "\"f\":\"", &f_len);
	const char *v = text_of(page, end, "\"v\":\"", &v_len);
	const char *swapped = strstr(page, "\"swap\":"), *said;

	if (!frames && !v)
		return;
	if (c->text[c->len - 1] != '[')
		canon_add(c, " ", 1);
	canon_add(c, &actor, 1);
	canon_add(c, page, name_len);
	canon_add(c, "=", 1);
	if (frames && !f) {
		if (swapped && swapped < end)
			canon_add(c, "swap", 4);
		else
			canon_add(c, "-", 1);
		return;
	}
	if (frames) {
		said = name_frame(now, before, f, f_len);
		canon_add(c, said, strlen(said));
		canon_add(c, ":", 1);
	}
	canon_add(c, v ? v : "?", v ? v_len : 1);
}

/* One step, from its {"op" to the next one's. */
static void canon_step(struct canon *c, const char *step, const char *end, int novalue, int frames,
		       struct frame_names *names)
{
	struct frame_names now = { .next_f = names->next_f, .next_z = names->next_z };
	const char *procs = strstr(step, "\"procs\":{"), *p, *text;
	size_t n;
	char actor = '?';

	c->len = 0;
	c->text[0] = 0;
	if (!procs || procs > end)
		procs = end;
	text = text_of(step, procs, "\"err\":\"", &n);
	if (text)
		canon_add(c, text, n);
	else if (strstr(step, "\"ret\":-") && strstr(step, "\"ret\":-") < procs)
		canon_add(c, "fail", 4);
	text = novalue ? 0 : text_of(step, procs, "\"val\":\"", &n);
	if (text)
		canon_add(c, text, n);
	canon_add(c, c->len ? " [" : "[", c->len ? 2 : 1);
	/* "A":{"a0":{...},"a1":{...}},"B":{...} */
	for (p = procs == end ? end : procs + 9; p < end; p++) {
		if (*p != '"')
			continue;
		if (p[1] >= 'A' && p[1] <= 'E' && p[2] == '"') {
			actor = p[1];
			p += 2;
		} else if (p[1] >= 'a' && p[1] <= 'd' && p[2] >= '0' && p[2] <= '9') {
			const char *close = strchr(p, '}');

			if (!close || close > end)
				break;
			canon_page(c, actor, p + 1, close, frames, &now, names);
			p = close;
		} else {
			break;
		}
	}
	canon_add(c, "]", 1);
	if (frames)
		*names = now;
}

static void say_difference(const char *level, const struct prediction *want, int nr, const char *got)
{
	fprintf(stderr, "%s: %s differ at operation %d, %s\n", want->experiment, level, nr, want->op);
	fprintf(stderr, "  predicted  %s\n", !strcmp(level, "values") ? want->values : want->frames);
	fprintf(stderr, "  here       %s\n", got);
}

/* 0: as predicted, 1: not, 2: the kernel could not run it to its end. */
static int judge_line(const char *line)
{
	static struct canon got;
	struct frame_names names = { 0 };
	const struct prediction *want = predictions;
	size_t name_len = 0, why_len = 0;
	const char *name = text_of(line, line + strlen(line), "\"name\":\"", &name_len);
	const char *skipped = text_of(line, line + strlen(line), "],\"skip\":\"", &why_len);
	const char *step, *end;
	int nr, told = 0, bad = 0;

	if (!name || !strncmp(name, "_env\"", 5))
		return 0;
	while (want->experiment && (strncmp(want->experiment, name, name_len) ||
				    want->experiment[name_len]))
		want++;
	if (!want->experiment)
		return 0;
	if (skipped) {
		fprintf(stderr, "%s: cannot be run here: %.*s\n", want->experiment, (int)why_len, skipped);
		return 2;
	}
	step = strstr(line, "{\"op\":\"");
	for (nr = 1; want->experiment && !strncmp(want->experiment, name, name_len); nr++, want++) {
		if (!step) {
			say_difference("values", want, nr, "no such operation");
			return 1;
		}
		end = strstr(step + 1, "{\"op\":\"");
		if (!end)
			end = step + strlen(step);
		canon_step(&got, step, end, want->novalue, 0, &names);
		if (strcmp(got.text, want->values)) {
			say_difference("values", want, nr, got.text);
			return 1;
		}
		canon_step(&got, step, end, want->novalue, 1, &names);
		if (strcmp(got.text, want->frames) && !told++) {
			say_difference("frames", want, nr, got.text);
			bad = frames_count;
		}
		step = *end ? end : 0;
	}
	return bad;
}

int main(int argc, char **argv)
{
	int out[2], status = 0, worst = 0, judged = 0, found;
	char *line = 0;
	size_t size = 0;
	FILE *in;
	pid_t pid;

	if (pipe(out))
		return 2;
	pid = fork();
	if (pid < 0)
		return 2;
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		exit(recorder_main(argc, argv));
	}
	close(out[1]);
	in = fdopen(out[0], "r");
	while (in && getline(&line, &size, in) > 0) {
		fputs(line, stdout);
		fflush(stdout);
		found = judge_line(line);
		judged += strstr(line, "\"name\":\"_env\"") == 0;
		/* what does not hold says more than what could not be tried */
		if (found == 1 || !worst)
			worst = found;
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		return 2;
	if (!judged)
		return argc > 1 ? 0 : 2;
	fprintf(stderr, worst == 0 ? "As %s predicts.\n" :
			worst == 1 ? "Not as %s predicts.\n" : "%s could not be asked.\n", predicted_by);
	return worst;
}
