// The first process of a pod, which holds its namespaces, and of a cluster's node. It only reaps child processes. When it
// exits, the kernel ends all processes in its pid namespace.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal) { (void)signal; _exit(0); }
static void reap(int signal) { (void)signal; while (waitpid(-1, 0, WNOHANG) > 0) ; }

int main(void)
{
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGCHLD, reap);
    reap(SIGCHLD);
    for (;;) pause();
}
