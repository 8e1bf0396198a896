/*
 * init.c - the recorder as /init of an initramfs (process 1): mount what it
 * needs, load the modules listed in /mod/order, power the machine off at the
 * end.  The experiments are /experiments.litmus.
 */
#include "litmus.h"
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 0777);
	mount("proc", "/proc", "proc", 0, 0);
	mount("sysfs", "/sys", "sysfs", 0, 0);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, 0);
	mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
	mount("tmpfs", "/tmp", "tmpfs", 0, 0);
}

static void open_console(void)
{
	int i, fd;

	for (i = 0; i < 3; i++) {
		fd = open("/dev/console", O_RDWR);
		if (fd > 2)
			dup2(fd, i);
	}
}

static void load_modules(void)
{
	FILE *f = fopen("/mod/order", "r");
	char name[100], path[120];
	int fd;

	while (f && fgets(name, sizeof(name), f)) {
		name[strcspn(name, "\n")] = 0;
		snprintf(path, sizeof(path), "/mod/%s", name);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && syscall(__NR_finit_module, fd, "", 0))
			printf("# module %s: %s\n", name, strerror(errno));
		close(fd);
	}
}

/* O_DIRECT wants a disk: copy a ready-made ext2 image to the ram disk, go there. */
static int enter_ram_disk(void)
{
	static char block[65536];
	int from = open("/disk.img", O_RDONLY), to = open("/dev/ram0", O_RDWR);
	long n;

	while (from >= 0 && to >= 0 && (n = read(from, block, sizeof(block))) > 0)
		if (write(to, block, n) != n)
			return -1;
	close(from);
	close(to);
	mkdir("/disk", 0755);
	if (mount("/dev/ram0", "/disk", "ext4", 0, 0) && mount("/dev/ram0", "/disk", "ext2", 0, 0))
		return -1;
	return chdir("/disk");
}

void init_begin(void)
{
	mount_all();
	open_console();
	load_modules();
	write_file("/proc/sys/kernel/printk", "1");
	/* keep the kernel from moving pages on its own */
	write_file("/proc/sys/kernel/numa_balancing", "0");
	write_file("/proc/sys/vm/overcommit_memory", "1");
	write_file("/sys/kernel/mm/lru_gen/enabled", "0");
	if (enter_ram_disk() && chdir("/tmp"))
		printf("# no place for files: %s\n", strerror(errno));
	usleep(200000);		/* the last boot messages */
	printf("#BEGIN\n");
}

/* An initramfs may bring another program (the kernel's own selftest) as /other. */
int init_other(void)
{
	pid_t pid;

	if (access("/other", X_OK))
		return 0;
	pid = fork();
	if (!pid) {
		write_file(NR_HUGEPAGES, "16");
		execl("/other", "/other", (char *)0);
		_exit(1);
	}
	waitpid(pid, 0, 0);
	return 1;
}

void init_end(void)
{
	printf("#END\n");
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	sync();
	reboot(RB_POWER_OFF);
	_exit(0);
}
