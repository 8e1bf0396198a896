/* Gallery: two-writers. app = 0, child = 1, app/2 = 2; values: 1 "old", 2 "one", 3 "two". */
#define NT 3
#define NM 2
#define NF 3
#define NO 2
#define DRAINED 1
#define MMOF(t) ((t)==1 -> 1 : 0)
#define OPS(t,k) ((t)==0 -> ((k)==1 -> FORK : ((k)==3 -> LOAD : ((k)==4 -> DONE : STORE))) \
	: ((k)==1 -> DONE : ((t)==1 -> LOAD : STORE)))
#define PHASE(t,k) ((t)==0 -> ((k)<4 -> (k) : 255) : ((k)==1 -> 255 : ((t)==1 -> 4 : 2)))
#define VALUE(t,k) ((t)==0 -> ((k)==3 -> 0 : ((k)==0 -> 1 : 2)) : ((t)==1 -> 1 : 3))
#define WRITER(v) 0
#define WRONG(o,v) ((o)==0 -> (v)==1 : (v)!=1)
#include "kernel.pml"
