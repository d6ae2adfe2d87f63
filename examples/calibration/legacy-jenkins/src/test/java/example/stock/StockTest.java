package example.stock;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class StockTest {
    @Test
    public void takesAway() {
        assertEquals(3, Stock.after(5, 2));
    }
}
