/*
 * main.c - run small copy-on-write / get_user_pages experiments on the kernel
 * that is running right now, and print one JSON line per experiment.
 *
 *	litmus -f FILE			all experiments of a file (`-': standard input)
 *	litmus -f FILE NAME...		only those whose names start so
 *	litmus -f FILE -l		names and descriptions
 *
 * Needs root.  Everything runs on one CPU and is strictly sequential.
 */
#include "litmus.h"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#define TIMEOUT_S	40	/* for one experiment */
#define REAP_MS		2000	/* for its processes to go away */

/* A program made from one scenario carries its text; the plain recorder has none. */
extern const char exported_script[] __attribute__((weak));

static struct utsname un;
static sigset_t waited, unblocked;

/* Pages on their way to the LRU wait in per-CPU batches: stay on one CPU. */
static void stay_on_one_cpu(void)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (cpu = 0; cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &set); cpu++)
		;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Kill what is left of an experiment and wait for it, but not forever: a
 * process that hangs in the kernel must not keep us from restoring settings.
 */
static void end_group(pid_t pgid)
{
	int t;

	kill(-pgid, SIGKILL);
	for (t = 0; t < REAP_MS; t++) {
		pid_t gone = waitpid(-pgid, 0, WNOHANG);

		if (gone < 0)
			return;
		if (gone == 0)
			usleep(1000);
	}
}

/* End like the signal would have ended us, after having cleaned up. */
static void interrupted(int sig, pid_t runner)
{
	end_group(runner);
	settings_end();
	signal(sig, SIG_DFL);
	sigprocmask(SIG_SETMASK, &unblocked, 0);
	raise(sig);
	_exit(128 + sig);
}

/* Returns 0 and the status of the runner, or -1 on timeout. */
static int wait_for_runner(pid_t pid, int *status)
{
	struct timespec now, left = { TIMEOUT_S, 0 };
	time_t end;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + TIMEOUT_S;
	for (;;) {
		int sig;

		if (waitpid(pid, status, WNOHANG) == pid)
			return 0;
		sig = sigtimedwait(&waited, 0, &left);
		if (sig > 0 && sig != SIGCHLD)
			interrupted(sig, pid);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= end)
			return -1;
		left.tv_sec = end - now.tv_sec;
	}
}

static void print_skip(const char *name, const char *why)
{
	printf("{\"kernel\":\"%s\",\"name\":\"", un.release);
	json_string(stdout, name);
	printf("\",\"steps\":[],\"skip\":\"%s\"}\n", why);
}

/* One experiment in a process group of its own, which is gone afterwards. */
static void run_guarded(const struct experiment *e)
{
	pid_t pid, parent = getpid();
	char why[40];
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		sigprocmask(SIG_SETMASK, &unblocked, 0);
		settings_forget();
		run_experiment(e->name, e->script);
	}
	setpgid(pid, pid);
	if (wait_for_runner(pid, &status)) {
		print_skip(e->name, "timeout");
	} else if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		snprintf(why, sizeof(why), "runner status %x", status);
		print_skip(e->name, why);
	}
	end_group(pid);
}

static int wanted(const struct experiment *e, char **prefixes, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strncmp(e->name, prefixes[i], strlen(prefixes[i])))
			return 1;
	return count == 0;
}

static char *find_text(const char *file)
{
	char *text;

	if (!file && exported_script)
		return strdup(exported_script);
	text = file ? slurp(file) : 0;
	if (text)
		return text;
	if (file)
		fprintf(stderr, "litmus: %s: %s\n", file, strerror(errno));
	else
		fprintf(stderr, "usage: litmus -f FILE [-l] [NAME...]\n");
	exit(2);
}

static void block_signals(void)
{
	sigemptyset(&waited);
	sigaddset(&waited, SIGCHLD);
	sigaddset(&waited, SIGINT);
	sigaddset(&waited, SIGTERM);
	sigaddset(&waited, SIGHUP);
	sigprocmask(SIG_BLOCK, &waited, &unblocked);
}

static void run_all(struct experiment *list, int count, char **prefixes, int nprefixes)
{
	int i, needs = 0, have_swap;

	for (i = 0; i < count; i++)
		if (wanted(&list[i], prefixes, nprefixes))
			needs |= settings_needed(list[i].script);
	have_swap = settings_begin(needs);
	printf("{\"kernel\":\"%s\",\"name\":\"_env\",\"machine\":\"%s\",\"version\":\"%s\","
	       "\"zramswap\":%d}\n", un.release, un.machine, un.version, have_swap);
	for (i = 0; i < count; i++)
		if (wanted(&list[i], prefixes, nprefixes))
			run_guarded(&list[i]);
	settings_end();
}

int main(int argc, char **argv)
{
	const char *file = 0;
	struct experiment *list;
	int opt, i, count, names_only = 0;
	/* process 1 of a container is not meant: that has some other name */
	int init = getpid() == 1 && !strcmp(argv[0], "/init");

	setvbuf(stdout, 0, _IOLBF, 0);
	uname(&un);
	while ((opt = getopt(argc, argv, "f:l")) != -1) {
		if (opt == 'f')
			file = optarg;
		else if (opt == 'l')
			names_only = 1;
		else
			return 2;
	}
	if (init) {
		init_begin();
		file = exported_script ? 0 : "/experiments.litmus";
		optind = argc;	/* the kernel hands its own unknown words to /init */
	}
	list = load_experiments(find_text(file), &count);
	if (names_only) {
		for (i = 0; i < count; i++)
			printf("%s\t%s\n", list[i].name, list[i].desc);
		return 0;
	}
	if (!snapshot_works()) {
		fprintf(stderr, "litmus: needs root (CAP_SYS_ADMIN): frame numbers are hidden\n");
		return 2;
	}
	stay_on_one_cpu();
	prctl(PR_SET_CHILD_SUBREAPER, 1);	/* actors of a killed runner come to us */
	block_signals();
	if (init && init_other())
		count = 0;
	run_all(list, count, argv + optind, argc - optind);
	if (init)
		init_end();
	return 0;
}
