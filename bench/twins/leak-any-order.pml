/* Gallery: leak-any-order. parent = 0, child = 1; values: 1 "old", 2 "secret". */
#define NT 2
#define NM 2
#define NF 3
#define NO 1
#define PIPE
#define DRAINED 1
#define MMOF(t) (t)
#define OPS(t,k) ((t)==0 -> ((k)==0 -> STORE : ((k)==1 -> FORK : ((k)==2 -> STORE : DONE))) \
	: ((k)==0 -> VMSPLICE : ((k)==1 -> MUNMAP : ((k)==2 -> READ : DONE))))
#define PHASE(t,k) ((t)==0 -> ((k)<3 -> (k) : 255) : ((k)<2 -> 2 : ((k)==2 -> 3 : 255)))
#define VALUE(t,k) ((t)==0 -> ((k)==0 -> 1 : 2) : 0)
#define WRITER(v) 0
#define WRONG(o,v) ((v)==2)
#include "kernel.pml"
