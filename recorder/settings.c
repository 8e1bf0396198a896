/*
 * settings.c - what a run changes on the machine, and takes back.
 *
 * A second process, the keeper, makes the changes and then waits for the end
 * of file of a pipe that only main holds.  So they are taken back however main
 * ends: by itself, by a signal, by kill -9.  Scripts that need no settings
 * start no keeper and change nothing.
 */
#include "litmus.h"
#include <signal.h>
#include <sys/file.h>
#include <sys/swap.h>
#include <sys/wait.h>

#define NEED_THP	1	/* huge pages, 2 MB and 64 kB, by madvise */
#define NEED_HUGETLB	2
#define NEED_SWAP	4
#define NEED_KSM	8

#define SWAP_BYTES	33554432	/* of zram: enough for any experiment */
#define ZRAM_DEVICES	8
#define HUGE_PAGES	"8"

/* Files to note, to set (value 0: the verbs will), and to set back. */
static struct knob {
	const char *path;
	int need;
	const char *value;
	char before[100];
} knobs[] = {
	{ THP_DIR "/enabled", NEED_THP, "madvise", "" },
	{ MTHP_ENABLED, NEED_THP, "madvise", "" },
	{ NR_HUGEPAGES, NEED_HUGETLB, HUGE_PAGES, "" },
	{ KSM_DIR "/pages_to_scan", NEED_KSM, 0, "" },
	{ KSM_DIR "/sleep_millisecs", NEED_KSM, 0, "" },
	{ KSM_DIR "/run", NEED_KSM, 0, "" },
};
#define NR_KNOBS ((int)(sizeof(knobs) / sizeof(knobs[0])))

static char swap_device[40];
static pid_t keeper;
static int keeper_pipe = -1;	/* closing it ends the keeper */

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	long n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int read_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	long n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	return n > 0 ? 0 : -1;
}

long read_number(const char *path)
{
	char line[64];

	return read_line(path, line, sizeof(line)) ? -1 : atol(line);
}

/* What the operations of a script ask of the machine. */
int settings_needed(const char *script)
{
	char *copy = strdup(script), *op, *rest, verb[32], operand[32], word[32];
	int needs = 0;

	for (op = strtok_r(copy, ";\n", &rest); op; op = strtok_r(0, ";\n", &rest)) {
		int n = sscanf(op, " %*s %31s %31s %31s", verb, operand, word);

		if (n >= 1 && !strncmp(verb, "ksm", 3))
			needs |= NEED_KSM;
		if (n < 3)
			continue;
		if (!strcmp(verb, "map") && strstr(word, "thp"))
			needs |= NEED_THP;
		if (!strcmp(verb, "map") && !strcmp(word, "huge"))
			needs |= NEED_HUGETLB;
		if (!strcmp(verb, "adv") && (!strcmp(word, "huge") || !strcmp(word, "collapse")))
			needs |= NEED_THP;
		if (!strcmp(verb, "adv") && !strcmp(word, "pageout"))
			needs |= NEED_SWAP;
	}
	free(copy);
	return needs;
}

/* A file of choices shows them all, with the current one in brackets. */
static void note_knob(struct knob *k)
{
	char line[200], *bracket;

	if (read_line(k->path, line, sizeof(line)))
		return;
	bracket = strchr(line, '[');
	if (bracket) {
		bracket[strcspn(bracket, "]")] = 0;
		memmove(line, bracket + 1, strlen(bracket));
	}
	snprintf(k->before, sizeof(k->before), "%.99s", line);
}

static void set_knobs(int needs)
{
	int i;

	for (i = 0; i < NR_KNOBS; i++) {
		struct knob *k = &knobs[i];

		if (!(k->need & needs))
			continue;
		note_knob(k);
		if (k->need == NEED_HUGETLB && atol(k->before) >= atol(HUGE_PAGES))
			continue;	/* enough there already */
		if (k->value && k->before[0])
			write_file(k->path, k->value);
	}
}

static void restore_knobs(void)
{
	int i;

	for (i = NR_KNOBS; i-- > 0; )
		if (knobs[i].before[0])
			write_file(knobs[i].path, knobs[i].before);
}

static int claim_zram(void)
{
	char path[64], size[32];
	int k;

	snprintf(size, sizeof(size), "%d", SWAP_BYTES);
	for (k = 0; k < ZRAM_DEVICES; k++) {
		snprintf(path, sizeof(path), "/sys/block/zram%d/initstate", k);
		if (read_number(path) != 0)
			continue;
		snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", k);
		if (write_file(path, size))
			continue;
		snprintf(swap_device, sizeof(swap_device), "/dev/zram%d", k);
		return 0;
	}
	return -1;
}

/* Swap on a fresh zram device; mkswap by hand, there may be no programs. */
static int swap_begin(void)
{
	static unsigned char header[PS];
	uint32_t version = 1, last_page = SWAP_BYTES / PS - 1;
	int fd;

	if (claim_zram())
		return -1;
	fd = open(swap_device, O_RDWR);
	memcpy(header + 1024, &version, sizeof(version));
	memcpy(header + 1028, &last_page, sizeof(last_page));
	memcpy(header + PS - 10, "SWAPSPACE2", 10);
	if (fd < 0 || pwrite(fd, header, PS, 0) != (long)PS)
		return -1;
	close(fd);
	return swapon(swap_device, 0);
}

static void swap_end(void)
{
	char path[64];

	if (!swap_device[0])
		return;
	swapoff(swap_device);
	snprintf(path, sizeof(path), "/sys/block/%s/reset", swap_device + strlen("/dev/"));
	write_file(path, "1");
}

/* One run at a time: a second one would note our settings as the machine's. */
static void wait_for_turn(void)
{
	int fd = open("/sys/kernel/mm", O_RDONLY | O_DIRECTORY);

	if (fd >= 0)
		flock(fd, LOCK_EX);	/* held until the keeper exits */
}

static void keeper_main(int needs, int hold, int report)
{
	sigset_t all;
	char have_swap, byte;

	setsid();	/* a ^C of the terminal is not for us */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, 0);
	wait_for_turn();
	set_knobs(needs);
	have_swap = needs & NEED_SWAP && swap_begin() == 0;
	if (write(report, &have_swap, 1) == 1)
		while (read(hold, &byte, 1) > 0)
			;
	swap_end();
	restore_knobs();
	_exit(0);
}

/* Returns 1 if there is a swap device of ours now, else 0. */
int settings_begin(int needs)
{
	int hold[2], report[2];
	char have_swap = 0;

	if (!needs)
		return 0;
	if (pipe(hold) || pipe(report))
		return 0;
	keeper = fork();
	if (!keeper) {
		close(hold[1]);
		close(report[0]);
		keeper_main(needs, hold[0], report[1]);
	}
	close(hold[0]);
	close(report[1]);
	keeper_pipe = hold[1];
	if (read(report[0], &have_swap, 1) != 1)
		have_swap = 0;
	close(report[0]);
	return have_swap;
}

/* In a child of main: the keeper waits for main, not for us. */
void settings_forget(void)
{
	if (keeper_pipe >= 0)
		close(keeper_pipe);
	keeper_pipe = -1;
}

void settings_end(void)
{
	settings_forget();
	if (keeper > 0)
		waitpid(keeper, 0, 0);
	keeper = 0;
}
