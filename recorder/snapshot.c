/*
 * snapshot.c - what every actor has at every watched page, seen from outside:
 * pagemap, kpagecount, kpageflags, and the byte as the actor itself reads it.
 * Only present pages are read, so that looking does not fault anything in.
 */
#include "litmus.h"

#define PM_PRESENT	(1ULL << 63)
#define PM_SWAP		(1ULL << 62)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_MAPPED_ONCE	(1ULL << 56)	/* not the kernel's anon-exclusive bit */
#define PM_PFN		((1ULL << 55) - 1)

#define KPF_ZERO_PAGE	24
#define MAX_FRAMES	1024

/* Words of "fl", in the order in which they are written. */
static const struct {
	int bit;
	const char *word;
} page_flags[] = {
	{ 12, "anon " }, { 21, "ksm " }, { 22, "thp " }, { 17, "huge " },
	{ KPF_ZERO_PAGE, "zero " }, { 13, "swapcache " }, { 16, "tail " },
};

/* Frame numbers in order of first appearance; a name is never used twice. */
static struct {
	u64 pfn;
	int live;	/* the name stands for this pfn */
	int seen;	/* by the current snapshot */
} frames[MAX_FRAMES];
static int nr_frames;
static int kpagecount = -1, kpageflags = -1;

void snapshot_open(void)
{
	kpagecount = open("/proc/kpagecount", O_RDONLY);
	kpageflags = open("/proc/kpageflags", O_RDONLY);
}

static u64 pagemap_entry(int pid, u64 addr)
{
	char path[64];
	u64 entry = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry), addr / PS * sizeof(entry)) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry;
}

/* Without CAP_SYS_ADMIN pagemap shows every frame number as 0. */
int snapshot_works(void)
{
	char here = 1;

	return !access("/proc/kpagecount", R_OK) &&
	       pagemap_entry(getpid(), (u64)&here) & PM_PFN;
}

static int frame_name(u64 pfn)
{
	int i;

	for (i = 0; i < nr_frames; i++)
		if (frames[i].live && frames[i].pfn == pfn)
			break;
	if (i == MAX_FRAMES)
		return -1;
	if (i == nr_frames) {
		nr_frames++;
		frames[i].pfn = pfn;
		frames[i].live = 1;
	}
	frames[i].seen = 1;
	return i;
}

/*
 * A frame that nobody maps and nobody holds may be handed out again as a new
 * page, so its name ends here.  With a reference out somewhere we cannot tell
 * which frame it keeps, and let all names stand.
 */
static void forget_free_frames(void)
{
	int i;

	if (refs_out)
		return;
	for (i = 0; i < nr_frames; i++)
		if (!frames[i].seen)
			frames[i].live = 0;
}

static void print_frame(FILE *o, int i, u64 addr, u64 entry)
{
	struct cmd look = { .run = actor_load, .a = addr };
	u64 pfn = entry & PM_PFN, count = 0, flags = 0;
	int name = frame_name(pfn);
	struct rep r;
	size_t k;

	if (pread(kpagecount, &count, sizeof(count), pfn * sizeof(count)) != sizeof(count))
		count = -1;
	if (pread(kpageflags, &flags, sizeof(flags), pfn * sizeof(flags)) != sizeof(flags))
		flags = 0;
	fprintf(o, "\"f\":\"%c%d\"", flags >> KPF_ZERO_PAGE & 1 ? 'z' : 'f', name);
	if (!actor_call(i, &look, &r)) {
		if (r.ret < 0)
			fprintf(o, ",\"v\":\"!\"");
		else
			fprintf(o, ",\"v\":\"%02x\"", r.val);
	}
	fprintf(o, ",\"x\":%d,\"mc\":%lld,\"fl\":\"", !!(entry & PM_MAPPED_ONCE), (long long)count);
	for (k = 0; k < sizeof(page_flags) / sizeof(page_flags[0]); k++)
		if (flags >> page_flags[k].bit & 1)
			fputs(page_flags[k].word, o);
	fputc('"', o);
}

static void print_page(FILE *o, int i, u64 addr)
{
	u64 entry = pagemap_entry(actors[i].pid, addr);

	if (entry & PM_PRESENT)
		print_frame(o, i, addr, entry);
	else if (entry & PM_SWAP)
		fprintf(o, "\"swap\":1");
	else
		fprintf(o, "\"none\":1");
	if (entry & PM_UFFD_WP)
		fprintf(o, ",\"wp\":1");
}

static void print_actor(FILE *o, int i)
{
	const char *sep = "";
	int g, w;

	for (g = 0; g < NR_REGIONS; g++) {
		if (!actors[i].has[g])
			continue;
		for (w = 0; w < regions[g].nwatch; w++) {
			int page = regions[g].watch[w];

			fprintf(o, "%s\"%c%d\":{", sep, 'a' + g, page);
			print_page(o, i, actors[i].addr[g] + page * PS);
			fprintf(o, "}");
			sep = ",";
		}
	}
}

void snapshot(FILE *o)
{
	const char *sep = "";
	int i;

	for (i = 0; i < nr_frames; i++)
		frames[i].seen = 0;
	fprintf(o, "\"procs\":{");
	for (i = 0; i < NR_ACTORS; i++) {
		if (!actors[i].alive)
			continue;
		fprintf(o, "%s\"%c\":{", sep, 'A' + i);
		print_actor(o, i);
		fprintf(o, "}");
		sep = ",";
	}
	fprintf(o, "}");
	forget_free_frames();
}
