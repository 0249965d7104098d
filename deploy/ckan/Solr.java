import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr on a port of loopback, from a home folder, until it is ended: java Solr.java HOME PORT. */
public class Solr {
    public static void main(String[] told) throws Exception {
        JettyConfig config =
                JettyConfig.builder().setContext("/solr").setPort(Integer.parseInt(told[1])).build();
        new JettySolrRunner(told[0], config).start();
        Thread.currentThread().join();
    }
}
