/* twins.ts: crowd. parent = 0, parent/2 = 1, child = 2, child/2 = 3; values: 1 "old", 2 "one", 3 "two",
 * 4 "three"; observations: 0 mine, 1 its, 2 got. */
#define NT 4
#define NM 2
#define NF 7
#define NO 3
#define PIPE
#define DRAINED 1
#define MMOF(t) ((t)<2 -> 0 : 1)
#define OPS(t,k) ((t)==0 -> ((k)==1 -> FORK : ((k)==3 -> LOAD : ((k)==4 -> DONE : STORE))) \
	: ((t)==1 -> ((k)==0 -> STORE : DONE) \
	: ((t)==2 -> ((k)==0 -> STORE : ((k)==1 -> LOAD : ((k)==2 -> READ : DONE))) \
	: ((k)==0 -> VMSPLICE : ((k)==1 -> MUNMAP : DONE)))))
#define PHASE(t,k) ((t)==0 -> ((k)<2 -> (k) : ((k)<4 -> 2 : 255)) \
	: ((t)==1 -> ((k)==0 -> 2 : 255) \
	: ((t)==2 -> ((k)<2 -> 2 : ((k)==2 -> 3 : 255)) : ((k)<2 -> 2 : 255))))
#define VALUE(t,k) ((t)==0 -> ((k)==3 -> 0 : ((k)==0 -> 1 : 2)) : ((t)==1 -> 3 \
	: ((k)==0 -> 4 : (k))))
#define WRITER(v) ((v)==4 -> 1 : 0)
#define WRONG(o,v) false
#include "kernel.pml"
